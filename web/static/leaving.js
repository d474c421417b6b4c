// Typed text that no draft keeps: whoever leaves the page is asked first, and a double click sends it once.

const STUCK = 10_000; // milliseconds: a page that is still here so long after a button can be used again
const forms = [...document.querySelectorAll("main form[method=post]")];
let sent = null;

const typed = (form) => "unsent" in form.dataset || [...form.elements].some((each) => each.value !== (each.defaultValue ?? each.value));

document.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = event.target;
  setTimeout(() => { sent = null; }, STUCK);
});
window.addEventListener("beforeunload", (event) => {
  if (!forms.some((form) => form !== sent && typed(form))) return;
  event.preventDefault();
  event.returnValue = true; // browsers of before 2023
});
