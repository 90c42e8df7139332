// Review: values on the right are corrected by typing or by clicking words on the page; each is checked again at once.

import { drawBoxes } from "./boxes.js";
import { decideBy } from "./decide.js";
import { findOn } from "./find.js";
import { bind } from "./keys.js";
import { keepCompany } from "./people.js";
import { Lens } from "./lens.js";
import { csrf, sessionEnded } from "./session.js";
import { _ } from "./texts.js";
import { Viewer } from "./viewer.js";

const root = document.getElementById("review");
const facts = () => document.getElementById("facts");
const viewer = new Viewer(document.getElementById("sheets"), pick);

// corrections go out one after the other: each needs the version that the one before it made
const waiting = [];
let sending = null;
let lastField = null;
// what was typed and is not taken yet, by field: a swap of the facts must never lose it
const drafts = new Map();
const refused = new Map();

const inputs = () => [...facts().querySelectorAll("[data-field]")];
const byPath = (path) => inputs().find((input) => input.dataset.field === path);
const shownValue = (input) => (input.tagName === "SELECT"
  ? [...input.options].find((option) => option.defaultSelected)?.value ?? ""
  : input.defaultValue);
const isDirty = (input) => input.value !== shownValue(input);
const isOpen = (input) => input && !input.readOnly && !input.disabled;

/** Note what an input holds besides what the service knows. */
function noteDraft(input) {
  if (isDirty(input)) drafts.set(input.dataset.field, input.value);
  else drafts.delete(input.dataset.field);
  input.classList.toggle("dirty", isDirty(input));
}

/** Words that were clicked for the field in focus, in the order in which they were clicked. */
let picked = [];

function forgetPicked() {
  picked = [];
  viewer.showPicked(picked);
}

function pick(words, isRun) {
  const input = lastField;
  if (!isOpen(input) || input.tagName === "SELECT") {
    // nothing is being filled: the click asks whose box this is
    const owner = inputs().find((other) => standsIn(words[0], other));
    if (owner) reveal(owner.id);
    else hint(_("Go to a value first, then click its words on the page."));
    return;
  }
  const fresh = words.filter((word) => !picked.some((known) => known.id === word.id));
  if (!fresh.length && !isRun) picked = picked.filter((known) => known.id !== words[0].id);
  else picked = [...picked, ...fresh];
  viewer.showPicked(picked);
  input.value = picked.length ? picked.map((word) => word.text).join(" ") : shownValue(input);
  noteDraft(input);
  input.focus({ preventScroll: true });
}

/** Take a box that was drawn: the words under it, or what is read there anew where none are (or `again` asks for it). */
async function takeBox(sheet, box, again) {
  const input = lastField;
  const words = again ? [] : await viewer.wordsIn(sheet, box);
  if (words.length) {
    viewer.clearDrawn();
    forgetPicked();
    pick(words, true);
    return;
  }
  hint(_("The box is being read…"));
  const body = new URLSearchParams({ csrf: csrf(), page: sheet.dataset.page, box: JSON.stringify(box) });
  const told = await askFor(root.dataset.region, body);
  viewer.clearDrawn();
  input.focus({ preventScroll: true });
  if (told.text === "") hint(_("Nothing can be read in this box. Draw it a little larger, or type the value."));
  if (!told.text || lastField !== input) return;
  picked = [{ id: "drawn", text: told.text, page: Number(sheet.dataset.page), box }];
  input.value = told.text;
  noteDraft(input);
  hint(told.confidence < 0.8
    ? _("Read: {text}. It was hard to read: compare it with the page, then press Enter.", { text: told.text })
    : _("Read: {text}. Enter takes it.", { text: told.text }));
}

/** What the service answers to a small question; where it fails it is told, and the answer is empty. */
async function askFor(address, body) {
  try {
    const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await response.json();
    if (response.ok) return told;
    if (response.status === 401) sessionEnded();
    hint(told.error.message);
  } catch {
    hint(_("The service did not answer. Try again in a moment, or type the value."));
  }
  return {};
}

/** Whether a word stands in the box of an input's value. */
function standsIn(word, input) {
  if (!input.dataset.box || Number(input.dataset.page) !== word.page) return false;
  const [x0, top, x1, bottom] = JSON.parse(input.dataset.box);
  const [left, upper, right, lower] = word.box;
  const [x, y] = [(left + right) / 2, (upper + lower) / 2];
  return x0 <= x && x <= x1 && top <= y && y <= bottom;
}

function save(input, plainValue) {
  const field = input.dataset.field ?? input.dataset.for;
  const change = {
    field,
    typed: input.value,
    value: plainValue ?? input.value.trim(),
    plain: plainValue === undefined ? "" : "yes",
    picked: plainValue === undefined && picked.length && input === lastField
      ? JSON.stringify(picked.map(({ text, page, box }) => ({ text, page, box })))
      : "",
  };
  forgetPicked();
  if (plainValue !== undefined) forgetDrafts(field);
  const twin = [sending, ...waiting].some((other) => other && other.field === change.field && other.value === change.value);
  if (twin) return;
  if (company.isOthers()) return;
  waiting.push(change);
  sendNext();
}

document.addEventListener("session:back", () => {
  document.getElementById("problem")?.replaceChildren();
  refused.clear();
  hint(_("You are logged in again. Nothing typed is lost: press Enter to keep it."));
});

/** A choice was clicked: it stands for what was typed there; a removed line moves the lines after it. */
function forgetDrafts(field) {
  const isLine = field.split("/").length === 2;
  for (const path of [...drafts.keys()]) {
    if (path === field || (isLine && path.startsWith("line_items/"))) drafts.delete(path);
  }
}

function sendNext() {
  const form = document.getElementById("correct");
  if (sending || !waiting.length || !form) return;
  sending = waiting.shift();
  for (const name of ["field", "value", "plain", "picked", "pasted"]) form.elements[name].value = sending[name] ?? "";
  facts().setAttribute("aria-busy", "true");
  form.requestSubmit();
}

document.addEventListener("htmx:error", () => {
  showNotice("alert", _("The service did not answer. What you typed is still here; try again in a moment."));
});

document.addEventListener("htmx:finally:request", () => {
  facts().removeAttribute("aria-busy");
  sending = null;
  sendNext();
});

// htmx morphs the facts in place; what an input holds is its own affair, so it is brought along here
document.addEventListener("htmx:after:swap", () => {
  const failed = document.querySelector("#problem .problem");
  if (sending && failed) refused.set(sending.field, sending.typed);
  else if (sending && drafts.get(sending.field) === sending.typed) drafts.delete(sending.field);
  for (const input of inputs()) {
    const holds = drafts.get(input.dataset.field) ?? shownValue(input);
    if (input.value !== holds) input.value = holds;
    input.classList.toggle("dirty", isDirty(input));
  }
  if (hintedAgain) hint(hintedAgain);
  viewer.drawBoxes(inputs(), document.activeElement);
  if (document.activeElement?.dataset?.field) lens.show(document.activeElement);
});

let hinted = null;
let hintedAgain = "";

/** Say for a while what to do; it changes nothing. `outlasts`: also of what the next answer shows. */
function hint(text, outlasts = false) {
  hintedAgain = outlasts ? text : "";
  hinted?.remove();
  hinted = showNotice("status", text);
  const note = hinted;
  if (note) setTimeout(() => note.remove(), 8000);
}

const lens = new Lens(viewer, root.dataset.labels);

function remember(input) {
  if (lastField !== input) forgetPicked();
  lastField = input;
  viewer.activate(input);
  lens.show(input);
}

root.addEventListener("focusin", (event) => {
  const input = event.target.closest?.("[data-field]");
  if (input) remember(input);
});

root.addEventListener("input", (event) => {
  const input = event.target.closest("input[data-field], textarea[data-field]");
  if (!input) return;
  if (picked.length) forgetPicked();
  noteDraft(input);
  viewer.showFitting(input.value);
  viewer.loadAll().then(() => { if (document.activeElement === input && !viewer.chosenRun()) viewer.showFitting(input.value); });
});

// rows from a spreadsheet fill the grid from the cell in focus on
root.addEventListener("paste", (event) => {
  const input = event.target.closest?.('[data-field^="line_items/"]');
  const text = event.clipboardData.getData("text/plain");
  if (!isOpen(input) || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  for (const path of [...drafts.keys()]) if (path.startsWith("line_items/")) drafts.delete(path);
  waiting.push({ field: input.dataset.field, typed: input.value, value: "", plain: "", picked: "", pasted: text });
  sendNext();
});

root.addEventListener("change", (event) => {
  const input = event.target.closest("[data-field]");
  if (!input || !isOpen(input)) return;
  noteDraft(input);
  // what was refused is sent again by Enter, not by leaving the field: the answer would move what is being clicked
  if (isDirty(input) && refused.get(input.dataset.field) !== input.value) save(input);
});

// a value that was filled by clicking, or that a swap put back, fires no change of its own when it is left
root.addEventListener("focusout", (event) => {
  const input = event.target.closest?.("input[data-field], textarea[data-field]");
  if (!input || !isOpen(input) || !isDirty(input)) return;
  if (event.relatedTarget?.closest?.(".viewer") || refused.get(input.dataset.field) === input.value) return;
  save(input);
});

/** Tab goes first to what needs attention: from outside the values to the first, from there to the next. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || event.shiftKey || event.ctrlKey || event.altKey) return;
  const open = openQuestions();
  const at = open.indexOf(document.activeElement);
  const next = document.activeElement === document.body ? open[0] : at >= 0 ? open[at + 1] : null;
  if (next && reveal(next.id)) event.preventDefault();
});

root.addEventListener("keydown", (event) => {
  if (event.altKey && /^[1-9]$/.test(event.key)) {
    // another reading of the value in focus
    const near = event.target.closest(".field, td");
    const choice = near?.querySelectorAll(".choices [data-choose]")[Number(event.key) - 1];
    if (choice) {
      event.preventDefault();
      choice.click();
      return;
    }
  }
  const input = event.target.closest("input[data-field], textarea[data-field]");
  if (!input) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (isDirty(input) && viewer.stepFitting(step)) event.preventDefault();
    else if (!isDirty(input) && moveAmongLines(input, step)) event.preventDefault();
  } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const run = viewer.chosenRun();
    if (run && isOpen(input)) {
      forgetPicked();
      pick(run, true);
    }
    // Enter on a value that is in doubt says that it is right
    if (isOpen(input) && (isDirty(input) || picked.length)) save(input);
    else if (isOpen(input) && "unsure" in input.dataset) {
      save(input, input.dataset.value);
      nextQuestion();
    } else nextQuestion();
  } else if (event.key === "Escape") {
    input.value = shownValue(input);
    noteDraft(input);
    forgetPicked();
    viewer.showFitting("");
  }
});

root.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-choose]");
  if (choice) {
    save(choice, choice.dataset.choose);
    return;
  }
  const shows = event.target.closest("[data-shows]");
  if (shows) {
    const row = document.getElementById(shows.dataset.shows);
    row.hidden = false;
    row.querySelector('[data-field$="/description"], [data-field$="/rate"]').focus();
    return;
  }
  const goto = event.target.closest("[data-goto]");
  if (goto && reveal(goto.dataset.goto)) event.preventDefault();
});

/** From a cell to the same one of the line below or above; false where there is none. */
function moveAmongLines(input, step) {
  const [table, , cell] = input.dataset.field.split("/");
  if (!cell) return false;
  const column = inputs().filter((other) => other.dataset.field.startsWith(`${table}/`) &&
    other.dataset.field.endsWith(`/${cell}`) && !other.closest("[hidden]"));
  const next = column[column.indexOf(input) + step];
  next?.focus();
  return Boolean(next);
}

/** Go to an input even when it stands among the values that are folded away. */
function reveal(id) {
  const target = document.getElementById(id);
  if (!target) return false;
  target.closest("details")?.setAttribute("open", "");
  const input = target.matches("[data-field]") ? target : target.querySelector("[data-field]");
  (input ?? target).focus();
  target.scrollIntoView({ block: "center" });
  return true;
}

const openQuestions = () => inputs().filter((input) => isOpen(input) && input.matches(".error, .warning, [data-unsure]"));

function nextQuestion() {
  const open = openQuestions();
  if (!open.length) {
    document.getElementById("reason")?.focus();
    return;
  }
  const at = open.indexOf(document.activeElement);
  reveal(open[(at + 1) % open.length].id);
}

drawBoxes(viewer, { isFilling: () => isOpen(lastField) && lastField.tagName !== "SELECT", onBox: takeBox, hint });

decideBy({
  isBusy: () => Boolean(sending || waiting.length),
  keep: (input) => { if (input?.dataset?.field && isOpen(input) && isDirty(input)) save(input); },
  hint,
});

bind("e", nextQuestion);
bind("s", () => {
  const parting = document.getElementById("parting");
  if (!parting) return;
  parting.open = true;
  parting.querySelector("input[type=checkbox]").focus();
});
bind("n", () => document.getElementById("next")?.click());
findOn(viewer, () => facts().querySelector(".button")?.focus());
bind("t", () => viewer.turn());
bind("+", () => viewer.zoomBy(1.25));
bind("-", () => viewer.zoomBy(0.8));
bind("0", () => viewer.fit());

/** Say something beside the facts, unless something that matters is said there already. */
function showNotice(role, ...parts) {
  const problem = document.getElementById("problem");
  // a hint gives way to what matters, never the other way round
  if (!problem || problem.querySelector(".problem, [role=alert]")) return null;
  problem.replaceChildren();
  const note = document.createElement("p");
  note.className = "notice";
  note.setAttribute("role", role);
  note.append(...parts);
  problem.append(note);
  return note;
}

const company = keepCompany({ root, facts, isBusy: () => Boolean(sending || waiting.length), showNotice, hint });

viewer.drawBoxes(inputs(), null);
