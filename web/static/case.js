// Comfort for the case page; it works without it. The drawing opens where the case stands, and steps without reloading.

function settle(section) {
  const drawing = section.querySelector(".drawing");
  const lanes = drawing.querySelector(".lanes");
  const place = drawing.querySelector(".latest.active, .latest.returned, .latest.incident, .latest, .active, .returned");
  if (place) {
    const box = drawing.getBoundingClientRect();
    const found = place.getBoundingClientRect();
    drawing.scrollTop += found.top + found.height / 2 - box.top - box.height / 2;
    drawing.scrollLeft += found.left + found.width / 2 - box.left - box.width / 2;
  }
  if (!lanes) return;
  const showLanes = () => { lanes.hidden = drawing.scrollTop < 80; };
  drawing.addEventListener("scroll", showLanes);
  showLanes();
}

async function step(address, remember = true) {
  const answer = await fetch(address);
  if (!answer.ok) return location.assign(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const here = document.getElementById("kedudukan");
  const there = page.getElementById("kedudukan");
  const held = here.contains(document.activeElement) ? document.activeElement.rel : "";
  here.replaceChildren(...there.childNodes);
  for (const row of document.querySelectorAll("tr[data-seq]")) {
    const now = page.querySelector(`tr[data-seq="${row.dataset.seq}"]`).ariaCurrent;
    row.ariaCurrent = now;
  }
  if (remember) history.pushState(null, "", address.split("#")[0]);
  if (held) here.querySelector(`a[rel="${held}"]`)?.focus();
  settle(here);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-step][href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  step(link.href);
  document.getElementById("kedudukan").scrollIntoView({ block: "start" });
});
document.addEventListener("keydown", (event) => {
  const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const section = document.getElementById("kedudukan");
  if (!way || !section.contains(document.activeElement) || document.activeElement.closest(".drawing")) return;
  const link = section.querySelector(`a[rel="${way}"]`);
  if (link) step(link.href);
});
window.addEventListener("popstate", () => step(location.href, false));
settle(document.getElementById("kedudukan"));
