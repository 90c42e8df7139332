// Passwords can be looked at while they are typed, and are hidden again when the form goes off.

import { _ } from "./texts.js";

for (const input of document.querySelectorAll("input[type=password]")) {
  const holder = document.createElement("span");
  holder.className = "secret";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.setAttribute("aria-controls", input.id);
  const focused = document.activeElement === input;
  input.replaceWith(holder);
  holder.append(input, button);
  if (focused) input.focus();
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? _("Hide") : _("Show");
    button.setAttribute("aria-label", shown ? _("Hide what you typed") : _("Show what you typed"));
  };
  show(false);
  button.addEventListener("click", () => show(input.type === "password"));
  input.form?.addEventListener("submit", () => show(false));
}
