// Upload: a request and a progress bar for each file, then its verdict as soon as there is one.

const AT_ONCE = 3;
const form = document.getElementById("upload");
const list = document.getElementById("uploads");
const rowTemplate = document.getElementById("upload-row");
const said = document.getElementById("said");
const summary = document.getElementById("summary");
const token = document.querySelector('meta[name="csrf-token"]').content;
const waiting = [];
const counts = { sent: 0, done: 0 };
let running = 0;

function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
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
    ? `${counts.done} of ${counts.sent} files are through.`
    : `All ${counts.sent === 1 ? "is" : `${counts.sent} files are`} through.`;
}

function add(file) {
  document.getElementById("sent").hidden = false;
  const row = rowTemplate.content.firstElementChild.cloneNode(true);
  row.setAttribute("aria-busy", "true");
  row.querySelector(".upload-name").textContent = file.name;
  row.querySelector(".upload-size").textContent = size(file.size);
  row.querySelector("progress").setAttribute("aria-label", `Sending ${file.name}`);
  say(row, "Waiting", "", null, "received");
  list.prepend(row);
  counts.sent += 1;
  tell();
  waiting.push([file, row]);
  pump();
}

function rowOf(name, archive) {
  const row = rowTemplate.content.firstElementChild.cloneNode(true);
  row.setAttribute("aria-busy", "true");
  row.querySelector(".upload-name").textContent = `${name} (in ${archive})`;
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

function send(file, row) {
  const request = new XMLHttpRequest();
  const bar = row.querySelector("progress");
  const data = new FormData();
  data.append("file", file, file.name);
  request.open("POST", form.dataset.action);
  request.setRequestHeader("X-CSRF-Token", token);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("loadend", () => {
    running -= 1;
    pump();
    if (request.status === 201) {
      bar.value = 100;
      const [first, ...others] = request.response.documents;
      // an archive or a saved mail holds several: each gets a row of its own
      if (others.length) row.querySelector(".upload-name").textContent = `${first.name} (in ${file.name})`;
      received(first, file, row);
      others.forEach((answer) => received(answer, { name: answer.name }, rowOf(answer.name, file.name)));
    } else {
      const problem = request.response?.error?.message ?? "The connection broke off. Send the file again.";
      say(row, "Not taken", problem, null, "failed");
      finish(row, file.name, problem);
    }
  });
  say(row, "Sending", "", null, "received");
  request.send(data);
}

function received(answer, file, row) {
  const seen = answer.seen_before;
  say(row, seen ? "Seen before" : answer.word, seen || answer.final ? answer.text : "", answer.address, seen ? "duplicate" : answer.state);
  if (answer.final || seen) finish(row, file.name, answer.text);
  else poll(answer, file, row, 400);
}

async function poll(answer, file, row, pause) {
  await new Promise((resolve) => setTimeout(resolve, pause));
  try {
    const response = await fetch(`${answer.address}/verdict`, { headers: { Accept: "application/json" } });
    if (response.status === 401) {
      say(row, "Taken", "You are logged out; log in again to see what became of it.", answer.address, "received");
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

if (form) {
  const input = document.getElementById("files");
  input.addEventListener("change", () => {
    [...input.files].forEach(add);
    input.value = "";
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
