// Comfort for the task page; it works without it. Kirim shows whether the step's checklist opens it.

const form = document.querySelector("form[data-autosave]");

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

const checklist = form && document.getElementById("kelengkapan");
if (checklist) watchChecklist(checklist, form.querySelector("button[value=send]"));
