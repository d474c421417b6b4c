// Comfort for the pages about SOPs; they work without it. Lane names stay in sight, two drawings move together, a
// change or a finding is shown on its drawing without leaving the list, and files can be dropped.

const drawings = [...document.querySelectorAll(".drawing")];

for (const drawing of drawings) {
  const lanes = drawing.querySelector(".lanes");
  if (lanes) drawing.addEventListener("scroll", () => { lanes.hidden = drawing.scrollTop < 60; });
}

const together = [...document.querySelectorAll("[data-together] .drawing")];
let leader = null;
for (const drawing of together) {
  for (const event of ["pointerenter", "focusin", "touchstart"]) drawing.addEventListener(event, () => { leader = drawing; }, { passive: true });
  drawing.addEventListener("scroll", () => {
    if (leader !== drawing) return;
    for (const other of together) if (other !== drawing) other.scrollTo(drawing.scrollLeft, drawing.scrollTop);
  });
}

// A drawing opens where there is something to see.
const POINTS = ".added, .removed, .changed, .finding-error, .active, .returned, .incident, .finding-warning, .start-event";
for (const drawing of drawings) {
  const points = POINTS.split(", ").map((each) => drawing.querySelector(each)).filter(Boolean);
  const marked = points.filter((each) => !each.matches(".start-event"));
  if (points.length && !location.hash.startsWith("#el-")) show(marked[0] ?? points[0]);
}

function show(place) {
  const drawing = place.closest(".drawing");
  const box = drawing.getBoundingClientRect();
  const found = place.getBoundingClientRect();
  drawing.scrollTop += found.top + found.height / 2 - box.top - box.height / 2;
  drawing.scrollLeft += found.left + found.width / 2 - box.left - box.width / 2;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#el-"], a[href^="#was-"]');
  if (!link) return;
  const name = link.hash.replace(/^#(el|was)-/, "");
  const places = ["el-", "was-"].map((prefix) => document.getElementById(prefix + name)).filter(Boolean);
  if (!places.length) return;
  event.preventDefault();
  for (const old of document.querySelectorAll("g.shown")) old.classList.remove("shown");
  leader = null;
  for (const place of places) {
    place.classList.add("shown");
    show(place);
  }
  places[0].closest(".drawing").scrollIntoView({ block: "nearest" });
});

for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector('input[type="file"]');
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("over", event.type === "dragover");
  };
  form.addEventListener("dragover", over);
  form.addEventListener("dragleave", over);
  form.addEventListener("drop", (event) => {
    over(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}
