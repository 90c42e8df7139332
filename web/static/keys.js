// Keys that work on every page; a page's own module adds its keys with `bind`.

const SWITCH = "single-keys-off";
const bindings = new Map();
let pendingGo = false;

/** Have a key do something on this page; single letters can be switched off in the dialog. */
export function bind(key, action) {
  bindings.set(key, action);
}

/** Whether the event comes from where text is entered. */
export function isTyping(event) {
  const at = event.target;
  return at.isContentEditable || at.tagName === "SELECT" || at.tagName === "TEXTAREA" ||
    (at.tagName === "INPUT" && !["checkbox", "radio", "button", "submit", "file"].includes(at.type));
}

function store(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch {
    // private windows may refuse storage; the keys then stay on
  }
  return null;
}

/** Open a dialog at its beginning: the button in focus may stand at its end. */
function show(opened) {
  opened.showModal();
  opened.scrollTop = 0;
}

const places = { h: "/", q: "/queue", u: "/upload", i: "/inbox", r: "/records", e: "/export" };
const dialog = document.getElementById("keys");
const toggle = document.getElementById("single-keys");

if (toggle) {
  toggle.checked = store(SWITCH) !== "yes";
  toggle.addEventListener("change", () => store(SWITCH, toggle.checked ? "no" : "yes"));
}

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.addEventListener("click", () => show(document.getElementById(opener.dataset.opens)));
}

// choosing in a filter shows the result at once
for (const select of document.querySelectorAll("select[data-submits]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || dialog?.open) return;
  if (toggle && !toggle.checked) return;
  if (pendingGo) {
    pendingGo = false;
    if (places[event.key]) {
      event.preventDefault();
      location.href = places[event.key];
      return;
    }
  }
  if (event.key === "?" && dialog) {
    event.preventDefault();
    show(dialog);
  } else if (event.key === "g" && dialog) {
    pendingGo = true;
  } else if (bindings.has(event.key)) {
    event.preventDefault();
    bindings.get(event.key)(event);
  }
});

const undo = document.querySelector("[data-undo]");
if (undo) bind("z", () => undo.click());

const search = document.querySelector('[data-key="/"]');
if (search) bind("/", () => { search.focus(); search.select(); });
