// Upload: each file goes piece by piece (tus), goes on where it broke off, and tells its verdict as soon as there is one.

import { _, number } from "./texts.js";

/* global tus */
const AT_ONCE = 2;
const PIECE = 1024 * 1024; // what a lost connection costs at most
const PAUSES = [500, 1000, 2000, 4000, 8000, 15000, 30000];
const FORGOTTEN_AFTER = 2 * 24 * 3600 * 1000;
const LARGEST_HASHED = 64 * 1024 * 1024;
const form = document.getElementById("upload");
const list = document.getElementById("uploads");
const rowTemplate = document.getElementById("upload-row");
const said = document.getElementById("said");
const summary = document.getElementById("summary");
const token = document.querySelector('meta[name="csrf-token"]').content;
const waiting = [];
const broken = new Set();
const counts = { sent: 0, done: 0 };
let running = 0;

function size(bytes) {
  return bytes < 1e6 ? `${number(Math.max(1, Math.round(bytes / 1000)))} kB` : `${number(bytes / 1e6, 1)} MB`;
}

function say(row, word, text, address, state) {
  const words = row.querySelector(".upload-words");
  words.replaceChildren();
  const mark = document.createElement("span");
  mark.className = `state ${state}`;
  mark.append(icon(state), word);
  words.append(mark);
  if (address) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = text;
    words.append(link);
  } else {
    words.append(text);
  }
}

function icon(state) {
  const marks = { approved: "ok", needs_review: "half", on_hold: "hold", duplicate: "twin", failed: "error", rejected: "no" };
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.classList.add("mark");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${marks[state] ?? "work"}`);
  svg.append(use);
  return svg;
}

function finish(row, name, text) {
  row.removeAttribute("aria-busy");
  counts.done += 1;
  tell();
  said.textContent = text.startsWith(name) ? text : `${name}: ${text}`;
}

function tell() {
  summary.textContent = counts.done < counts.sent
    ? _("{done} of {sent} files are through.", counts)
    : counts.sent === 1 ? _("All is through.") : _("All {sent} files are through.", counts);
}

function add(file) {
  document.getElementById("sent").hidden = false;
  const row = rowTemplate.content.firstElementChild.cloneNode(true);
  row.setAttribute("aria-busy", "true");
  row.querySelector(".upload-name").textContent = file.name;
  row.querySelector(".upload-size").textContent = size(file.size);
  row.querySelector("progress").setAttribute("aria-label", _("Sending {name}", { name: file.name }));
  say(row, _("Waiting"), "", null, "received");
  list.prepend(row);
  counts.sent += 1;
  tell();
  waiting.push([file, row]);
  pump();
}

function rowOf(name, archive) {
  const row = rowTemplate.content.firstElementChild.cloneNode(true);
  row.setAttribute("aria-busy", "true");
  row.querySelector(".upload-name").textContent = _("{name} (in {archive})", { name, archive });
  row.querySelector("progress").remove();
  list.prepend(row);
  counts.sent += 1;
  return row;
}

function pump() {
  while (running < AT_ONCE && waiting.length) {
    const [file, row] = waiting.shift();
    running += 1;
    send(file, row);
  }
}

// the service compares; only a page that came over HTTPS or from this machine may reckon it
async function hashOf(file) {
  if (!globalThis.crypto?.subtle || file.size > LARGEST_HASHED) return null;
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function send(file, row) {
  const bar = row.querySelector("progress");
  const metadata = { filename: file.name };
  try {
    const sha256 = await hashOf(file);
    if (sha256) metadata.sha256 = sha256;
  } catch {
    return refused(file, row, _("This file cannot be read. Was it moved or changed? Choose it again."));
  }
  const upload = new tus.Upload(file, {
    endpoint: form.dataset.pieces,
    chunkSize: PIECE,
    retryDelays: PAUSES,
    removeFingerprintOnSuccess: true,
    metadata,
    headers: { "X-CSRF-Token": token, Accept: "application/json" },
    // also without a network: it may come back
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      const again = status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507);
      if (again) say(row, _("Connection lost"), _("Trying again."), null, "received");
      return again;
    },
    onProgress: (sent, all) => {
      bar.value = all ? (100 * sent) / all : 100;
    },
    onChunkComplete: () => say(row, _("Sending"), "", null, "received"),
    onError: (error) => stopped(error, upload, file, row),
    onSuccess: () => tellOutcome(upload, file, row, PAUSES.values()),
  });
  say(row, _("Sending"), "", null, "received");
  let over = false;
  offer(row, _("Stop"), () => {
    over = true;
    upload.abort(true).catch(() => {}); // ended by the service itself, sooner or later
    next();
    refused(file, row, _("You stopped it."));
  });
  const before = await upload.findPreviousUploads();
  if (before.length) upload.resumeFromPreviousUpload(before[0]);
  if (!over) upload.start();
}

function next() {
  running -= 1;
  pump();
}

function offer(row, word, act) {
  const button = row.querySelector(".upload-act");
  button.hidden = !word;
  button.textContent = word;
  button.onclick = act && (() => { offer(row, ""); act(); });
}

function stopped(error, upload, file, row) {
  next();
  const answer = error.originalResponse;
  let told = null;
  try {
    told = JSON.parse(answer?.getBody() || "null")?.error;
  } catch {
    // a proxy in between speaks another language
  }
  const passing = !answer || ["log_in_needed", "form_expired", "disk_full"].includes(told?.code) || answer.getStatus() >= 500;
  if (!passing) return refused(file, row, told?.message ?? _("The service did not take this file."));
  const goOn = () => {
    broken.delete(goOn);
    offer(row, "");
    say(row, _("Waiting"), "", null, "received");
    waiting.push([file, row]);
    pump();
  };
  broken.add(goOn);
  const left = ["log_in_needed", "form_expired"].includes(told?.code);
  const why = left ? _("You are logged out.") : told?.message ?? _("The connection is lost.");
  const then = left
    ? _("What was sent is kept: log in, load this page again and choose the same file.")
    : _("What was sent is kept: go on when you can.");
  say(row, _("Stopped"), `${why} ${then}`, null, "failed");
  said.textContent = `${file.name}: ${why}`;
  if (left) broken.delete(goOn);
  else offer(row, _("Go on"), goOn);
}

function refused(file, row, problem) {
  offer(row, "");
  say(row, _("Not taken"), problem, null, "failed");
  finish(row, file.name, problem);
}

async function tellOutcome(upload, file, row, pauses) {
  offer(row, "");
  try {
    const response = await fetch(`${upload.url}/documents`, {
      method: "POST",
      headers: { "X-CSRF-Token": token, Accept: "application/json" },
    });
    if (response.status === 201) {
      next();
      row.querySelector("progress").value = 100;
      const [first, ...others] = (await response.json()).documents;
      // an archive or a saved mail holds several: each gets a row of its own
      if (others.length) row.querySelector(".upload-name").textContent = _("{name} (in {archive})", { name: first.name, archive: file.name });
      received(first, file, row);
      others.forEach((answer) => received(answer, { name: answer.name }, rowOf(answer.name, file.name)));
      return;
    }
    if (response.status === 422 || response.status === 404) {
      next();
      return refused(file, row, (await response.json()).error.message);
    }
  } catch {
    // the connection again: the file is there, only its outcome is not told yet
  }
  const pause = pauses.next();
  if (pause.done) {
    next();
    say(row, _("Taken"), _("Look at the inbox page for what became of it."), null, "received");
    return finish(row, file.name, _("is taken"));
  }
  await new Promise((resolve) => setTimeout(resolve, pause.value));
  tellOutcome(upload, file, row, pauses);
}

function received(answer, file, row) {
  const seen = answer.seen_before;
  say(row, seen ? _("Seen before") : answer.word, seen || answer.final ? answer.text : "", answer.address, seen ? "duplicate" : answer.state);
  if (answer.final || seen) finish(row, file.name, answer.text);
  else poll(answer, file, row, 400);
}

async function poll(answer, file, row, pause) {
  await new Promise((resolve) => setTimeout(resolve, pause));
  try {
    const response = await fetch(`${answer.address}/verdict`, { headers: { Accept: "application/json" } });
    if (response.status === 401) {
      say(row, _("Taken"), _("You are logged out; log in again to see what became of it."), answer.address, "received");
      return;
    }
    if (response.ok) {
      const now = await response.json();
      say(row, now.word, now.final ? now.text : "", now.final ? now.address : null, now.state);
      if (now.final) return finish(row, file.name, now.text);
    }
  } catch {
    // the service may be starting anew; the file is safe, so ask again later
  }
  poll(answer, file, row, Math.min(pause * 1.3, 4000));
}

// an upload that nobody went on with is forgotten here, as it is by the service
function forgetOld() {
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith("tus::"))) {
      const begun = Date.parse(JSON.parse(localStorage.getItem(key)).creationTime);
      if (!(Date.now() - begun < FORGOTTEN_AFTER)) localStorage.removeItem(key);
    }
  } catch {
    // no storage here: what breaks off begins anew once the page is closed
  }
}

if (form) {
  forgetOld();
  for (const input of document.querySelectorAll("#files, #camera")) {
    input.addEventListener("change", () => {
      [...input.files].forEach(add);
      input.value = "";
    });
  }
  addEventListener("online", () => [...broken].forEach((goOn) => goOn()));
  addEventListener("beforeunload", (event) => {
    if (running || waiting.length) event.preventDefault();
  });
  // a picture from the clipboard has no name of its own
  addEventListener("paste", (event) => {
    for (const file of event.clipboardData?.files ?? []) {
      const when = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
      const unnamed = /^image\.\w+$/.test(file.name);
      add(unnamed ? new File([file], `pasted ${when}.${file.name.split(".").pop()}`, { type: file.type }) : file);
    }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  // the whole page takes files: a drop beside the field must not open the file in the browser
  let depth = 0;
  addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; form.classList.add("over"); });
  addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) form.classList.remove("over"); });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    form.classList.remove("over");
    [...(event.dataTransfer?.files ?? [])].forEach(add);
  });
}
