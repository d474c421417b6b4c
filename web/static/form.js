// Comfort for forms; every form works without it.
// Hides what a condition hides, and adds and takes out rows and files without asking the server.

function answerOf(form, name) {
  const inputs = [...form.elements].filter((element) => element.name === name);
  const box = inputs.find((input) => input.type === "checkbox");
  if (box && inputs.length === 1) return String(box.checked);
  const chosen = inputs.find((input) => input.type !== "radio" || input.checked);
  return chosen ? chosen.value : "";
}

function showAndHide(form) {
  for (const field of form.querySelectorAll("[data-show-if]")) {
    const wanted = answerOf(form, field.dataset.showIf) === field.dataset.showValue;
    // What has an error stays in sight, or nobody could put it right.
    field.hidden = !wanted && !field.querySelector(".error");
    for (const input of field.querySelectorAll("input, select, textarea, button")) input.disabled = field.hidden;
  }
}

function addRow(rows) {
  const list = rows.querySelector(".row-list");
  const numbers = [...list.querySelectorAll(":scope > .row")].map((row) => Number(row.dataset.row));
  const next = String(Math.max(-1, ...numbers) + 1);
  const row = rows.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replace("__n__", next);
  }
  list.append(row);
  row.querySelector("input:not([type=hidden]), select, textarea").focus();
}

function edit(event) {
  const button = event.target.closest("button[name=_add], button[name=_remove]");
  if (!button) return;
  event.preventDefault();
  if (button.name === "_add") {
    addRow(button.closest("[data-rows]"));
  } else {
    const next = button.closest("[data-rows], .field");
    button.closest(".file, .row").remove();
    next.querySelector("button, input:not([type=hidden])")?.focus();
  }
  showAndHide(button.form ?? event.currentTarget);
  event.currentTarget.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const form of new Set([...document.querySelectorAll(".form-fields")].map((fields) => fields.closest("form")))) {
  if (!form) continue;
  form.addEventListener("click", edit);
  form.addEventListener("input", () => showAndHide(form));
  showAndHide(form);
  document.getElementById("form-errors")?.focus();
}
