// Comfort for the task page; it works without it. Drafts save themselves, also when one leaves, a double click sends
// once, and Kirim shows whether the step's checklist opens it.

const PAUSE = 1500;
const form = document.querySelector("form[data-autosave]");

function watchDraft() {
  const state = form.querySelector("[data-autosave-state]");
  let timer = 0;
  let unsaved = false; // something was typed since the last draft
  let saving = null; // the draft that is on its way
  let sending = false;
  let behind = false; // another tab saved: whoever presses a button is told what, and decides

  function typed() {
    const data = new FormData();
    // A chosen file goes with the buttons, not with every keystroke; those kept already have the same name and stay.
    for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
    data.set("_act", "autosave");
    return data;
  }

  async function keep() {
    clearTimeout(timer);
    unsaved = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed(), redirect: "error", keepalive: document.hidden });
      behind = answer.status === 409;
      if (answer.ok) {
        const kept = await answer.json();
        form.elements._draft.value = kept.revision;
        form.elements._base.value = kept.base;
      }
      unsaved ||= !answer.ok;
      state.textContent = answer.ok ? form.dataset.saved : behind ? form.dataset.behind
        : answer.status === 401 ? form.dataset.signedOut : form.dataset.unsaved;
    } catch {
      unsaved = true;
      state.textContent = form.dataset.unsaved;
    }
    saving = null;
  }

  function save() {
    if (sending || behind) return;
    if (saving) saving.then(save);
    else saving = keep();
  }

  form.addEventListener("input", () => {
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (sending || saving) event.preventDefault();
    // The draft that is on its way would be taken for another tab's.
    if (saving && !sending) saving.then(() => form.requestSubmit(event.submitter));
    if (!saving) sending = true;
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden && unsaved) save(); });
  // Back from the next page, the browser may show this one as it was.
  window.addEventListener("pageshow", () => { sending = false; });
}

function watchChecklist(checklist, button) {
  const boxes = [...checklist.querySelectorAll("input[type=checkbox]")];
  const reason = form.elements._alasan;

  function open() {
    return boxes.every((box) => box.checked) || reason.value.trim() !== "";
  }

  function show() {
    if (open()) button.removeAttribute("aria-disabled");
    else button.setAttribute("aria-disabled", "true");
    form.querySelector("[data-closed]").hidden = open();
  }

  button.addEventListener("click", (event) => {
    if (open()) return;
    event.preventDefault();
    (boxes.find((box) => !box.checked) ?? reason).focus();
  });
  form.addEventListener("input", show);
  window.addEventListener("pageshow", show);
  show();
}

if (form) {
  watchDraft();
  const checklist = document.getElementById("kelengkapan");
  if (checklist) watchChecklist(checklist, form.querySelector("button[value=send]"));
}
