// The queue by keyboard: j and k go from document to document, Enter opens (it is a link).

import { bind } from "./keys.js";

const links = () => [...document.querySelectorAll("[data-rows] tbody th a")];

function move(step) {
  const all = links();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next].focus();
  all[next].closest("tr").scrollIntoView({ block: "nearest" });
}

bind("j", () => move(1));
bind("k", () => move(-1));
const follow = (selector) => document.querySelector(selector)?.click();

bind("n", () => follow(".pager [rel=next]"));
bind("p", () => follow(".pager [rel=prev]"));
for (const [key, step] of [["[", -1], ["]", 1]]) {
  bind(key, () => {
    const tabs = [...document.querySelectorAll(".tabs a:not(.push)")];
    tabs[tabs.findIndex((tab) => tab.hasAttribute("aria-current")) + step]?.click();
  });
}
for (let digit = 1; digit <= 9; digit += 1) bind(String(digit), () => document.querySelectorAll("[data-view]")[digit - 1]?.click());
bind("v", () => {
  document.getElementById("save-view").open = true;
  document.getElementById("view-name").focus();
});
bind("c", () => document.querySelector("[data-causes]")?.click());

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-rows] tbody tr");
  if (!row || event.target.closest("a") || String(getSelection())) return;
  row.querySelector("th a").click();
});
