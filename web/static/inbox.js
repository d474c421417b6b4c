// Comfort for the inbox; it works without it. Arrows walk through the tasks; j and k only inside the list, where they
// cannot take a letter from anybody who speaks to their computer.

const links = [...document.querySelectorAll("[data-list] h3 a")];
const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

document.addEventListener("keydown", (event) => {
  if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
  const item = document.activeElement.closest("[data-list] > li");
  if (!item && (event.key !== "ArrowDown" || document.activeElement !== document.body)) return;
  event.preventDefault();
  const here = item ? links.indexOf(item.querySelector("h3 a")) : -1;
  links[Math.min(Math.max(here + steps[event.key], 0), links.length - 1)]?.focus();
});
for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
