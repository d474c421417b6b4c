// The replay without loading the page again: a slider, play and keys. Links do the same without this.

const facts = JSON.parse(document.getElementById("facts").textContent);
const section = document.getElementById("putar");
const find = (name) => section.querySelector(`[data-${name}]`);
const drawing = section.querySelector(".drawing");
const [slider, play] = [find("slider"), find("play")];
const STATES = ["finished", "active", "returned", "incident", "latest"];
const PACE = 1200; // milliseconds from one entry to the next

// After each entry, every element's states and every flow taken: the server sends only what changed.
const steps = [];
for (const [changed, flows] of facts.steps) {
  const before = steps.at(-1) ?? { states: [], taken: [] };
  steps.push({ states: new Map([...before.states, ...Object.entries(changed)]), taken: [...before.taken, ...flows] });
}

const groups = new Map();
for (const group of drawing.querySelectorAll("[data-element]")) {
  groups.set(group.dataset.element, [...(groups.get(group.dataset.element) ?? []), group]);
}
const above = drawing.querySelector(".bpmn-task, .bpmn-event, .bpmn-gateway, .bpmn-data, .bpmn-label");
const links = { first: null, prev: null, next: null, last: null };
[links.first, links.prev, links.next, links.last] = section.querySelectorAll(".player a");
const last = facts.first + steps.length - 1;

function paint({ states, taken }) {
  const flows = new Set(taken);
  for (const [element, drawn] of groups) {
    const classes = (states.get(element) ?? "").split(" ");
    for (const group of drawn) {
      for (const state of STATES) group.classList.toggle(state, classes.includes(state));
      const now = flows.has(element);
      if (now && !group.classList.contains("taken") && above && group.matches(".bpmn-flow")) above.before(group);
      group.classList.toggle("taken", now);
    }
  }
}

function bring(behavior = "smooth") {
  const place = drawing.querySelector(".latest.active, .latest.returned, .latest.incident, .latest, .active, .returned");
  if (!place) return;
  const [box, found] = [drawing.getBoundingClientRect(), place.getBoundingClientRect()];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  drawing.scrollBy({
    top: found.top + found.height / 2 - box.top - box.height / 2,
    left: found.left + found.width / 2 - box.left - box.width / 2,
    behavior: still ? "auto" : behavior,
  });
}

function aim(link, seq, there) {
  if (there) link.href = `?seq=${seq}`;
  else link.removeAttribute("href");
  link.toggleAttribute("aria-disabled", !there);
  if (!there) link.setAttribute("aria-disabled", "true");
}

function go(seq) {
  const row = document.getElementById(`langkah-${seq}`);
  if (!row) return location.assign(`?seq=${seq}`);
  slider.value = seq;
  find("seq").value = seq;
  paint(steps[seq - facts.first]);
  const [when, what] = [row.cells[1].textContent, row.querySelector(".what")];
  const time = document.createElement("span");
  time.className = "quiet";
  time.textContent = when;
  find("now").replaceChildren(...[...what.childNodes].map((node) => node.cloneNode(true)), document.createElement("br"), time);
  find("about").replaceChildren(...[...row.querySelector(".about").childNodes].map((node) => node.cloneNode(true)));
  find("status").textContent = `${seq}. ${what.textContent}`;
  for (const other of document.querySelectorAll("tr[data-seq][aria-current]")) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  const total = Number(new URL(links.last.href || location.href).searchParams.get("seq")) || last;
  aim(links.first, 1, seq > 1);
  aim(links.prev, seq - 1, seq > 1);
  aim(links.next, seq + 1, seq < Math.max(total, last));
  aim(links.last, Math.max(total, last), seq < Math.max(total, last));
  history.replaceState(null, "", `?seq=${seq}`);
  bring();
}

const now = () => Number(slider.value);
let timer = 0;

function playing(on) {
  clearInterval(timer);
  timer = on ? setInterval(() => (now() < last ? go(now() + 1) : playing(false)), PACE) : 0;
  const words = play.querySelector("[data-say]");
  if ((play.getAttribute("aria-pressed") === "true") !== on) {
    [words.textContent, words.dataset.say] = [words.dataset.say, words.textContent];
    play.firstElementChild.textContent = on ? "⏸" : "▶";
    play.setAttribute("aria-pressed", on);
  }
  if (on && now() === last) go(facts.first);
}

const KEYS = {
  ArrowLeft: () => now() > facts.first && go(now() - 1),
  ArrowRight: () => now() < last && go(now() + 1),
  Home: () => go(facts.first),
  End: () => go(last),
  " ": () => playing(!timer),
};

slider.addEventListener("input", () => go(now()));
play.addEventListener("click", () => playing(!timer));
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-step], .player a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!link.href) return;
  go(Number(new URL(link.href).searchParams.get("seq")));
  if (!section.contains(link)) section.scrollIntoView({ block: "start" });
});
document.addEventListener("keydown", (event) => {
  const busy = document.activeElement.closest("a, button, input, select, textarea, summary, .drawing");
  if (event.ctrlKey || event.altKey || event.metaKey || !KEYS[event.key]) return;
  if (busy && !(busy.closest(".player") && event.key !== " ")) return;
  event.preventDefault();
  KEYS[event.key]();
});

// The strip with the names of lanes, once the drawing's own are out of sight.
const lanes = drawing.querySelector(".lanes");
function showLanes() {
  if (lanes) lanes.hidden = drawing.scrollTop < 80;
}
drawing.addEventListener("scroll", showLanes);

for (const hidden of section.querySelectorAll("[hidden]")) hidden.hidden = false;
bring("auto");
showLanes();

function deepLink() {
  const seq = Number(/^#langkah-(\d+)$/.exec(location.hash)?.[1]);
  if (seq) go(seq);
}
window.addEventListener("hashchange", deepLink);
deepLink();
