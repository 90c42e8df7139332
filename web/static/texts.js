// What the scripts say, in the page's language: its translations stand in the page, by their English texts.

const block = document.getElementById("texts");
const translations = block ? JSON.parse(block.textContent) : {};

/** A text in the page's language; `{name}` in it stands for a value. */
export function _(text, values = {}) {
  return (translations[text] ?? text).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** A number as the page's language writes it. */
export function number(value, digits = 0) {
  return value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
