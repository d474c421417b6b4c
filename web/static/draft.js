// A task's draft saves itself; the page works without it. What has no answer yet is sent again as it was: it may have
// arrived, and saying the same twice changes nothing. Until the server has said that it has the text, every way out of
// the page saves it first or asks, and what is left all the same waits in the tab for the task's next page.

const PAUSE = 1500; // milliseconds: from the last key to the save
const PATIENCE = 3000; // how long a button waits for the draft, and a save that failed until it is tried again
const LONGEST = 20_000; // for an answer, and until a page that is still here after a button can be used again
const SMALL = 60_000; // characters that a browser still sends when the page is gone
const OWN = /^(csrf_token|_(act|key|draft|base|instead|unanswered|handed))$/;
const TOLD = { 400: "signedOut", 401: "signedOut", 409: "done" }; // refusals that a button's own page explains

const person = document.body.dataset.person;
const place = `alur.typed ${person} ${location.pathname}`;
const form = document.querySelector("form[data-autosave]");

const own = (name) => form.querySelector(`[name=${name}]`);
const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const typed = (fields = new FormData(form)) => // a chosen file goes with the buttons
  `${new URLSearchParams([...fields].filter(([name, value]) => typeof value === "string" && !OWN.test(name)))}`;

// What an earlier page of this tab could not bring home is saved as its button would: whoever is behind is told. Of
// what a button had taken along only the way back tells that it did not arrive.
function takeUp() {
  const kept = sessionStorage.getItem(place);
  const left = [...new URLSearchParams(kept ?? "")];
  const onward = performance.getEntriesByType("navigation")[0].type === "navigate";
  sessionStorage.removeItem(place);
  if (kept === null || (onward && kept.includes("&_handed=")) || (form && typed(left) === typed())) return false;
  const post = Object.assign(document.createElement("form"), { method: "post", action: location.pathname });
  for (const [name, value] of [...left, ["csrf_token", document.querySelector("[name=csrf_token]").value], ["_act", "save"]]) {
    post.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(post);
  HTMLFormElement.prototype.submit.call(post); // a field may be called "submit"
  return true;
}

function watchDraft() {
  const state = form.querySelector("[data-autosave-state]");
  let saved = "unsaved" in form.dataset ? null : typed(); // what the server has
  let sent = null; // what it perhaps has: there was no answer yet
  let [saving, trouble, timer] = [null, "", 0];
  let [pressed, through] = [false, false]; // a button waits for the draft, and has it
  let handed = false; // the browser is on its way to another page, with the text
  let leaving = false; // or perhaps without: that page may have been asked for before the draft arrives

  const dirty = () => sent !== null || typed() !== saved;

  function say(what) {
    trouble = what === "saving" || what === "saved" ? "" : what;
    state.classList.toggle("trouble", trouble !== "");
    state.textContent = form.dataset[what];
  }

  function answered(status, answer) {
    if (status === 200) [own("_draft").value, own("_base").value, saved] = [answer.revision, answer.base, sent];
    if (status === 200 || status === 409) sent = null;
    // Signed in again in another tab, as the same person: only the page's key was old.
    if (status === 400 && answer.person === person) own("csrf_token").value = answer.csrf_token;
    if (status === 200) say(dirty() ? "saving" : "saved");
    else say(answer.code === "draft_changed" ? "behind" : TOLD[status] ?? "failed");
  }

  async function attempt() {
    sent ??= typed();
    if (!trouble) say("saving");
    const body = new URLSearchParams(`${sent}&_act=autosave`);
    for (const name of ["csrf_token", "_draft"]) body.append(name, own(name).value);
    const keepalive = document.hidden && `${body}`.length < SMALL;
    try {
      const signal = AbortSignal.timeout?.(LONGEST);
      const answer = await fetch(location.pathname, { method: "POST", body, redirect: "error", keepalive, signal });
      answered(answer.status, [200, 400, 409].includes(answer.status) ? await answer.json() : {});
    } catch { answered(0, {}); } // no answer, half of one, or none of ours
    saving = null;
    if (dirty()) later(trouble ? PATIENCE : PAUSE);
    else if (!leaving) sessionStorage.removeItem(place);
  }

  function save() {
    if (!handed && dirty()) saving ??= attempt();
    return saving;
  }

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  }

  // Saves what is not saved yet, and tries again, for as long as somebody waits for a button.
  async function settle() {
    const enough = rest(PATIENCE).then(() => true);
    while (dirty() && ["", "failed"].includes(trouble)) {
      if (await Promise.race([enough, save()]) || (trouble && await Promise.race([enough, rest(500)]))) return;
    }
  }

  async function press(event) {
    const ours = event.target === form;
    if (!through && (handed || pressed)) event.preventDefault(); // a double click
    if (event.defaultPrevented) return;
    if (through || !dirty()) return ours && handOver();
    event.preventDefault();
    pressed = true;
    await Promise.all([settle(), rest(0)]); // a form is not sent while it is being sent
    pressed = false;
    if (ours && dirty() && trouble === "failed") return; // the button's page would not come either
    through = true;
    event.target.requestSubmit(event.submitter);
    through = false;
  }

  // Nothing can be typed that would not come along.
  function handOver() {
    keep("&_handed=");
    handed = true;
    setTimeout(() => { form.inert = true; });
    setTimeout(() => { form.inert = handed = false; }, LONGEST);
  }

  async function follow(event) {
    const link = event.target.closest("a[href]:not([target], [href^='#'])");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !dirty()) return;
    event.preventDefault();
    await settle();
    location.assign(link.href);
  }

  function ask(event) {
    if (handed || !(dirty() || form.querySelector("progress"))) return;
    leaving = true;
    stow(event);
    event.preventDefault();
    event.returnValue = true; // browsers of before 2023
  }

  function keep(mark) {
    const fields = new FormData(form);
    for (const name of ["csrf_token", "_key", "_instead"]) fields.delete(name);
    const texts = [...fields].filter(([, value]) => typeof value === "string");
    sessionStorage.setItem(place, `${new URLSearchParams(texts)}${mark}`);
  }

  function stow(event) {
    // Back must not put old text over a newer draft.
    if (event.type === "pagehide") form.setAttribute("autocomplete", "off");
    if (handed || !dirty()) return;
    keep("");
    save();
  }

  form.addEventListener("input", () => { leaving = false; later(PAUSE); });
  form.addEventListener("formdata", (event) => { if (sent !== null) event.formData.set("_unanswered", sent); });
  document.addEventListener("submit", press);
  document.addEventListener("click", follow);
  document.addEventListener("visibilitychange", (event) => { if (document.hidden) stow(event); });
  window.addEventListener("pagehide", stow);
  window.addEventListener("beforeunload", ask);
  // Kept by the browser as it was: the draft may have gone on since.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  if (dirty()) later(PAUSE);
}

if (!takeUp() && form) watchDraft();
