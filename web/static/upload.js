// Comfort for uploads: a chosen file is sent at once, shows how far it is, and then stands in the form by its name.
// Without it, files go with the form.

const waiting = new WeakMap(); // form → { sent: files still on their way, submitter: the button that waits for them }

function listOf(input) {
  const field = input.closest(".field");
  let list = field.querySelector(".files");
  if (!list) {
    list = document.createElement("ul");
    list.className = "files";
    field.querySelector("input[type=file]").before(list);
  }
  if (!input.multiple) list.replaceChildren();
  return list;
}

function complain(input, text) {
  const problem = document.createElement("p");
  problem.className = "error";
  problem.setAttribute("role", "alert");
  problem.textContent = text;
  input.closest(".field").append(problem);
}

function settle(input, item, kept) {
  const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: input.name, value: kept.id });
  const link = Object.assign(document.createElement("a"), { href: kept.url, textContent: kept.filename });
  const remove = Object.assign(document.createElement("button"), { name: "_remove", value: input.name, textContent: input.dataset.remove });
  remove.className = "button button-small";
  remove.formNoValidate = true;
  item.replaceChildren(hidden, link, remove);
}

function send(input, file) {
  const form = input.form;
  const name = Object.assign(document.createElement("span"), { textContent: file.name });
  const progress = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  progress.setAttribute("aria-label", file.name);
  const item = document.createElement("li");
  item.className = "file";
  item.append(name, progress);
  listOf(input).append(item);

  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) progress.value = event.loaded / event.total;
  });
  request.addEventListener("loadend", () => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* not from our own upload page */ }
    if (request.status === 201) {
      settle(input, item, answer);
    } else {
      item.remove();
      complain(input, answer.error ?? input.dataset.lost);
    }
    done(form, request.status === 201);
  });
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  body.set("file", file);
  request.open("POST", input.dataset.upload);
  request.send(body);
}

function done(form, well) {
  const state = waiting.get(form);
  state.sent -= 1;
  form.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is saved with it
  if (!well) state.submitter = null;
  if (state.sent === 0 && state.submitter) form.requestSubmit(state.submitter);
}

function choose(event) {
  const input = event.target;
  if (!input.matches?.("input[type=file][data-upload]") || !input.files.length) return;
  for (const problem of input.closest(".field").querySelectorAll(":scope > .error")) problem.remove();
  for (const file of input.files) {
    if (file.size > input.dataset.megabytes * 1024 * 1024) {
      complain(input, `${file.name}: ${input.dataset.tooLarge}`);
    } else {
      waiting.get(input.form).sent += 1;
      send(input, file);
    }
  }
  input.value = "";
}

for (const form of document.querySelectorAll("form[enctype='multipart/form-data']")) {
  waiting.set(form, { sent: 0, submitter: null });
  form.addEventListener("change", choose);
  form.addEventListener("submit", (event) => {
    const state = waiting.get(form);
    if (state.sent === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    state.submitter = event.submitter;
  }, { capture: true });
}
