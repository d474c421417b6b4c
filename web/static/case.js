// Comfort for the case page; it works without it. The drawing opens where the case stands.

const drawing = document.querySelector(".drawing");
const lanes = drawing.querySelector(".lanes");
const place = drawing.querySelector(".latest.active, .latest.returned, .latest.incident, .latest, .active, .returned");
if (place) {
  const box = drawing.getBoundingClientRect();
  const found = place.getBoundingClientRect();
  drawing.scrollTop += found.top + found.height / 2 - box.top - box.height / 2;
  drawing.scrollLeft += found.left + found.width / 2 - box.left - box.width / 2;
}
if (lanes) {
  const showLanes = () => { lanes.hidden = drawing.scrollTop < 80; };
  drawing.addEventListener("scroll", showLanes);
  showLanes();
}
