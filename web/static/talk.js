// Comments and letters: names put in by a press, text copied by a press, and nothing typed lost when the page changes.

import { bind } from "./keys.js";
import { _ } from "./texts.js";

const drafts = new Map();

document.addEventListener("click", async (event) => {
  const mention = event.target.closest("[data-mention]");
  if (mention) {
    const text = document.getElementById(mention.dataset.into);
    const before = text.value && !/\s$/.test(text.value) ? `${text.value} ` : text.value;
    text.value = `${before}@${mention.dataset.mention} `;
    drafts.set(text.id, text.value);
    text.focus();
    return;
  }
  const copy = event.target.closest("[data-copies]");
  if (copy) await copyText(copy);
});

/** Copy what an element shows or holds; where the browser refuses, it is selected for Ctrl C. */
async function copyText(button) {
  const source = document.getElementById(button.dataset.copies);
  const text = source.value ?? source.textContent;
  const said = button.parentElement.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = _("Copied.");
  } catch {
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    said.textContent = _("Selected: press Ctrl C to copy it.");
  }
}

document.addEventListener("input", (event) => {
  if ("keeps" in event.target.dataset) drafts.set(event.target.id, event.target.value);
});

// what was sent and taken is no draft any more; what was refused stays
let sent = [];
document.addEventListener("submit", (event) => {
  sent = [...event.target.querySelectorAll("[data-keeps]")].map((field) => [field.id, field.value]);
}, true);

document.addEventListener("htmx:after:swap", () => {
  const failed = document.querySelector("#problem .problem");
  for (const [id, value] of failed ? [] : sent) {
    if (drafts.get(id) === value) drafts.delete(id);
    const field = document.getElementById(id);
    if (field && field.value === value) field.value = "";
  }
  sent = [];
  for (const [id, value] of drafts) {
    const field = document.getElementById(id);
    if (field && field.value !== value) field.value = value;
  }
});

bind("q", () => {
  const ask = document.getElementById("ask");
  if (!ask) return;
  ask.open = true;
  document.getElementById("question").focus();
});
bind("c", () => document.getElementById("comment")?.focus());

// the link to the mail program follows what is changed in the letter
document.addEventListener("input", (event) => {
  if (!event.target.closest("[data-letter]")) return;
  const value = (name) => document.getElementById(`letter-${name}`).value;
  const body = encodeURIComponent(value("body").replace(/\r?\n/g, "\r\n"));
  const to = encodeURIComponent(value("to").trim()).replace("%40", "@");
  document.getElementById("letter-mail").href = `mailto:${to}?subject=${encodeURIComponent(value("subject"))}&body=${body}`;
});
