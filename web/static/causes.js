// The queue by cause: j and k go from cause to cause, a digit gives the one in focus its answer.

import { bind } from "./keys.js";

const headings = [...document.querySelectorAll(".cause h2")];
let at = 0;

function move(step) {
  if (!headings.length) return;
  at = Math.min(Math.max(at + step, 0), headings.length - 1);
  headings[at].focus();
  headings[at].closest(".cause").scrollIntoView({ block: "nearest" });
}

bind("j", () => move(document.activeElement === headings[at] ? 1 : 0));
bind("k", () => move(-1));
bind("c", () => document.querySelector("[data-back]").click());
for (let digit = 1; digit <= 9; digit += 1) {
  bind(String(digit), () => headings[at]?.closest(".cause").querySelectorAll("a.choice")[digit - 1]?.click());
}

document.addEventListener("focusin", (event) => {
  const place = headings.indexOf(event.target.closest(".cause")?.querySelector("h2"));
  if (place >= 0) at = place;
});
