// Comfort for the task page; it works without it. Drafts save themselves, and a double click sends once.

const PAUSE = 1500;
const form = document.querySelector("form[data-autosave]");

if (form) {
  const state = form.querySelector("[data-autosave-state]");
  let timer = 0;
  let sending = false;

  async function save() {
    if (sending) return;
    const data = new FormData();
    // A chosen file goes with the buttons, not with every keystroke; those kept already have the same name and stay.
    for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
    data.set("_act", "autosave");
    let saved = false;
    try {
      saved = (await fetch(form.action, { method: "POST", body: data, redirect: "error" })).ok;
    } catch {
      saved = false;
    }
    state.textContent = saved ? form.dataset.saved : form.dataset.unsaved;
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (sending) event.preventDefault();
    sending = true;
  });
  // Back from the next page, the browser may show this one as it was.
  window.addEventListener("pageshow", () => { sending = false; });
}
