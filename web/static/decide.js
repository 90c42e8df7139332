// Deciding: a key opens the reasons, a digit takes one; a decision never goes out with a correction still on its way.

import { bind } from "./keys.js";
import { _ } from "./texts.js";

const CHECKED_FIRST = _("What you entered is checked first. Look at what was found, then decide.");
const menus = () => [...document.querySelectorAll("[data-menu]")];
const openMenu = () => menus().find((menu) => !menu.hidden);
const reason = () => document.getElementById("reason");

/** Why a step is typed for: Enter in the reason then takes it, and does nothing where none was chosen. */
let chosenStep = null;

function close() {
  for (const menu of menus()) menu.hidden = true;
}

function open(menu) {
  close();
  menu.hidden = false;
  menu.querySelector("button").focus();
}

/** Wire up the buttons and keys; `review` says what is on its way (`isBusy`), keeps what is typed (`keep`), hints. */
export function decideBy(review) {
  const stepButton = (step) => document.querySelector(`#decide button[value="${step}"]`);
  const isShortOfReason = (button) => button.hasAttribute("data-needs-reason") && !reason().value.trim();

  function begin(step) {
    const button = stepButton(step);
    if (!button) return;
    review.keep(document.activeElement);
    if (review.isBusy()) {
      review.hint(CHECKED_FIRST, true);
      return;
    }
    const menu = document.getElementById(`menu-${step}`);
    if (menu && !reason().value.trim()) open(menu);
    else button.click();
  }

  function take(entry) {
    const { step } = entry.closest("[data-menu]").dataset;
    reason().value = entry.dataset.reason;
    close();
    const button = stepButton(step);
    button.form.requestSubmit(button);
  }

  document.addEventListener("click", (event) => {
    const entry = event.target.closest("[data-menu] button");
    if (entry) {
      take(entry);
      return;
    }
    const button = event.target.closest("#decide button");
    if (!button) return;
    if (review.isBusy()) {
      // the decision would carry the version from before the correction, and rest on what was found before it
      event.preventDefault();
      review.hint(CHECKED_FIRST, true);
      return;
    }
    const menu = document.getElementById(`menu-${button.value}`);
    const short = isShortOfReason(button);
    if (short && menu) {
      event.preventDefault();
      open(menu);
      return;
    }
    reason().setCustomValidity(short ? _("Say why before you choose “{step}”.", { step: button.textContent.trim() }) : "");
  });

  document.addEventListener("input", (event) => {
    if (event.target.id === "reason") event.target.setCustomValidity("");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && openMenu()) {
      close();
      stepButton("approve")?.focus();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      begin("approve");
    } else if (event.key === "Enter" && event.target.id === "reason" && chosenStep) {
      event.preventDefault();
      stepButton(chosenStep).click();
    }
  });

  for (const [key, step] of [["a", "approve"], ["x", "reject"], ["h", "hold"], ["d", "duplicate"], ["i", "not_an_invoice"]]) {
    bind(key, () => begin(step));
  }
  bind("r", () => {
    chosenStep = openMenu()?.dataset.step ?? null;
    close();
    reason()?.focus();
  });
  document.addEventListener("focusout", (event) => { if (event.target.id === "reason") chosenStep = null; });
  for (let digit = 1; digit <= 9; digit += 1) {
    bind(String(digit), () => {
      const menu = openMenu();
      if (menu) menu.querySelectorAll("button")[digit - 1]?.click();
      else document.querySelector(`[data-digit="${digit}"]`)?.click();
    });
  }
}
