// The page of a dossier: it checks itself and steps through the case. It opens from disk and asks no network.

const facts = JSON.parse(document.getElementById("facts").textContent);
const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const text = (data) => new TextDecoder().decode(data);
const utf8 = (string) => new TextEncoder().encode(string);
const hex = (data) => Array.from(new Uint8Array(data), (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (string) => Uint8Array.from(string.match(/../g) || [], (pair) => parseInt(pair, 16));
const sha256 = async (data) => hex(await crypto.subtle.digest("SHA-256", data));
const lines = (string) => string.split("\n").slice(0, -1);

function say(sentence, values = {}) {
  return facts.words[sentence].replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

function moment(iso) {
  const style = { dateStyle: "long", timeStyle: "short", timeZone: "UTC" };
  return `${new Date(iso).toLocaleString(document.documentElement.lang, style)} UTC`;
}

class Findings {
  constructor(list) {
    this.list = list;
    this.wrong = 0;
    list.replaceChildren();
  }
  add(kind, sentence, values) {
    const item = document.createElement("li");
    item.className = kind;
    item.textContent = say(sentence, values);
    this.list.append(item);
    this.wrong += kind === "bad";
  }
}

let wrong = 0;

function conclude(findings) {
  wrong += findings.wrong;
  const verdict = document.createElement("p");
  verdict.className = wrong ? "bad" : "good";
  verdict.textContent = say(wrong ? "This dossier was tampered with" : "All parts agree with each other");
  document.getElementById("verdict").replaceChildren(verdict);
}

async function readHistory(findings) {
  let head = "0".repeat(64);
  const entries = [];
  for (const [index, line] of lines(text(bytes(facts.history))).entries()) {
    const entry = JSON.parse(line);
    if (entry.seq !== index + 1 || entry.case !== facts.case) {
      findings.add("bad", "Entry %(seq)s is missing or displaced.", { seq: index + 1 });
    } else if (entry.prev_hash !== head) {
      findings.add("bad", "Entry %(seq)s was changed: the next one names another hash for it.", { seq: index });
    }
    head = await sha256(utf8(line));
    entries.push({ ...entry, hash: head });
  }
  if (!findings.wrong) {
    findings.add("good", "%(count)s entries of the history, each bound to the one before", { count: entries.length });
  }
  return entries;
}

async function checkDocuments(entries, findings) {
  const named = entries.flatMap((entry) => entry.documents.map((item) => ({ ...item, seq: entry.seq })));
  const here = named.filter((item) => Object.hasOwn(facts.documents, item.id));
  let wrong = 0;
  for (const { id, sha256: expected, filename: name, seq } of here) {
    if ((await sha256(bytes(facts.documents[id]))) === expected) continue;
    findings.add("bad", "The document %(name)s is not the one of entry %(seq)s.", { name, seq });
    wrong += 1;
  }
  if (!wrong) findings.add("good", "%(count)s documents are those of the history", { count: here.length });
}

async function verifies(checkpoint, keys) {
  const key = keys.get(checkpoint.signed.key);
  if (!key) return false;
  const imported = await crypto.subtle.importKey("raw", unhex(key), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", imported, unhex(checkpoint.signature), utf8(checkpoint.line));
}

async function checkCheckpoints(entries, findings) {
  const written = lines(text(bytes(facts.checkpoints)));
  const keys = new Map();
  for (const key of facts.keys) keys.set((await sha256(unhex(key))).slice(0, 16), key);
  const chain = [];
  for (let at = 0; at < written.length; at += 2) {
    const [line, signature] = written.slice(at, at + 2);
    chain.push({ line, signature, signed: JSON.parse(line), hash: await sha256(utf8(`${line}\n${signature}\n`)) });
  }
  let covered = 0;
  for (const [index, checkpoint] of chain.entries()) {
    const { number, key, previous } = checkpoint.signed;
    const at = moment(checkpoint.signed.at);
    if (index && previous !== chain[index - 1].hash) {
      findings.add("bad", "The chain of checkpoints breaks before number %(number)s.", { number });
    }
    const own = checkpoint.signed.cases.filter(([name]) => name === facts.case);
    if (!own.length && index < chain.length - 1) continue;
    let good;
    try {
      good = await verifies(checkpoint, keys);
    } catch {
      findings.add("note", "This browser cannot check the signatures of checkpoints; periksa.py can.");
      return;
    }
    if (!good) {
      findings.add("bad", "Checkpoint %(number)s is not signed by the key that it names.", { number });
      continue;
    }
    for (const [, seq, hash] of own) {
      const same = entries[seq - 1]?.hash === hash;
      const sentence = same
        ? "Checkpoint %(number)s of %(at)s signs entries 1 to %(seq)s with the key %(key)s"
        : "Checkpoint %(number)s knows another entry %(seq)s than this history.";
      if (same) covered = { number, at, seq, key };
      else findings.add("bad", sentence, { number, seq });
    }
  }
  if (covered) findings.add("good", "Checkpoint %(number)s of %(at)s signs entries 1 to %(seq)s with the key %(key)s", covered);
  else findings.add("note", "No checkpoint covers this history yet.");
}

async function checkFiles(chosen, entries) {
  const findings = new Findings(document.getElementById("files"));
  const sums = new Map();
  for (const file of chosen) {
    const name = file.webkitRelativePath.split("/").slice(1).join("/") || file.name;
    sums.set(name, { hash: await sha256(await file.arrayBuffer()), file });
  }
  if (!sums.has("SHA256SUMS.txt")) {
    findings.add("note", "SHA256SUMS.txt is not there; choose the whole unpacked folder.");
    return;
  }
  const listed = new Map(
    lines(await sums.get("SHA256SUMS.txt").file.text()).map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  for (const [name, hash] of listed) {
    if (sums.get(name)?.hash !== hash) findings.add("bad", "The file %(name)s was changed or is missing.", { name });
  }
  const known = new Set(entries.flatMap((entry) => [...entry.documents, ...entry.attachments].map((item) => item.sha256)));
  for (const [name, { hash }] of sums) {
    if (!listed.has(name) && name !== "SHA256SUMS.txt") {
      findings.add("note", "The file %(name)s is no part of the dossier.", { name });
    }
    if (/^(dokumen|lampiran)\//.test(name) && !known.has(hash)) {
      findings.add("bad", "The history knows nothing of the file %(name)s.", { name });
    }
  }
  const count = listed.size;
  if (!findings.wrong) findings.add("good", "%(count)s files are as SHA256SUMS.txt lists them", { count });
  await checkModel(sums, entries, findings);
  conclude(findings);
}

async function checkModel(sums, entries, findings) {
  const { definitions } = JSON.parse(await sums.get("berkas.json").file.text());
  let good = true;
  for (const digest of new Set(entries.map((entry) => entry.definition_digest))) {
    const names = Object.keys(definitions[digest] ?? {}).sort();
    const named = Object.fromEntries(names.map((name) => [name, sums.get(definitions[digest][name])?.hash]));
    const which = `#${entries[0].definition.key}`; // where one file holds several processes; it sorts first
    const texts = [named, { [which]: "", ...named }].map((each) => JSON.stringify(each));
    good &&= (await Promise.all(texts.map((each) => sha256(utf8(each))))).includes(digest);
  }
  if (good) findings.add("good", "The files of the SOP are those on which the case ran");
  else findings.add("bad", "The diagram, a form or a template is not the one on which the case ran.");
}

function step(seq) {
  const state = facts.states[seq - 1];
  const elements = new Map(Object.entries(state.elements));
  for (const drawing of document.querySelectorAll(".drawing")) drawing.hidden = drawing.dataset.digest !== state.digest;
  const drawing = document.querySelector(".drawing:not([hidden])");
  for (const group of drawing?.querySelectorAll("[data-element]") ?? []) {
    group.classList.remove("finished", "active", "returned", "incident", "latest", "taken");
    group.classList.add(...(elements.get(group.dataset.element) ?? []));
    group.classList.toggle("taken", state.taken.includes(group.dataset.element));
  }
  for (const row of document.querySelectorAll("tr[data-seq]")) {
    if (Number(row.dataset.seq) === seq) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  const cells = document.querySelector(`tr[data-seq="${seq}"]`).cells;
  const what = [...cells[3].childNodes].filter((node) => node.nodeName !== "DETAILS").map((node) => node.textContent);
  const when = cells[1].textContent;
  document.getElementById("now").textContent = `${seq} / ${facts.states.length} · ${when} · ${cells[2].firstChild.textContent}: ${what.join(" ").replace(/\s+/g, " ")}`;
  const place = drawing?.querySelector(".latest");
  if (place) {
    const box = drawing.getBoundingClientRect();
    const found = place.getBoundingClientRect();
    drawing.scrollTop += found.top + found.height / 2 - box.top - box.height / 2;
    drawing.scrollLeft += found.left + found.width / 2 - box.left - box.width / 2;
  }
}

function replay() {
  const seq = document.getElementById("seq");
  const go = (number) => {
    seq.value = number;
    step(Number(seq.value));
  };
  seq.addEventListener("input", () => step(Number(seq.value)));
  document.getElementById("earlier").addEventListener("click", () => go(Number(seq.value) - 1));
  document.getElementById("later").addEventListener("click", () => go(Number(seq.value) + 1));
  document.querySelector(".step").hidden = false;
  go(seq.max);
}

async function check() {
  const findings = new Findings(document.getElementById("findings"));
  if (!globalThis.crypto?.subtle) {
    findings.add("note", "This browser does not let a page from disk compute checksums; use periksa.py.");
    return;
  }
  const entries = await readHistory(findings);
  await checkDocuments(entries, findings);
  await checkCheckpoints(entries, findings);
  conclude(findings);
  const folder = document.getElementById("folder");
  folder.addEventListener("change", () => checkFiles([...folder.files], entries));
}

if (facts.states.length) replay();
check();
