// People at one document: who looks at it, who edits it, who asks for it. The service is asked every few seconds.

import { csrf, sessionEnded } from "./session.js";
import { _ } from "./texts.js";

const EVERY = 5000; // milliseconds between signs of life
const WAITING = 1500; // the same while the service still works on the document
const ACTIVE = 20000; // typing is told only so often

/** `root` holds the addresses; `facts()` the right half; `isBusy()` says whether a change of ours is on its way. */
export function keepCompany({ root, facts, isBusy, showNotice, hint }) {
  const line = document.getElementById("lock");
  let lock = line ? JSON.parse(line.dataset.lock) : null;
  let told = 0;
  let wasMine = Boolean(lock?.mine);

  async function send(address, more) {
    const body = new URLSearchParams({ csrf: csrf(), ...more });
    const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (response.ok) show(answer);
    else hint(answer.error.message);
    return response.ok;
  }

  async function stayPresent() {
    try {
      const body = new URLSearchParams({ csrf: csrf() });
      const response = await fetch(root.dataset.presence, { method: "POST", body, headers: { Accept: "application/json" } });
      if (response.ok) show(await response.json());
      else if (response.status === 401) sessionEnded();
    } catch {
      // the service may be away for a moment; the next sign of life follows
    }
  }

  function show({ others, version, working, lock: now }) {
    lock = now;
    showOthers(others.filter((name) => name !== lock?.by));
    showLock();
    const stale = Number(facts().dataset.version) !== version;
    if (facts().hasAttribute("data-waits") && !working) location.reload();
    else if (stale && !isBusy()) showStale();
  }

  function showOthers(others) {
    const place = document.getElementById("others");
    const text = others.length === 1
      ? _("{names} is looking at this too", { names: others[0] })
      : others.length ? _("{names} are looking at this too", { names: others.join(", ") }) : "";
    if (place.textContent.trim() !== text) place.textContent = text;
  }

  /** Say who edits the document, with what can be done about it; nothing where that is the reader alone. */
  function showLock() {
    if (!line) return;
    const mine = Boolean(lock?.mine);
    const said = !lock ? "" : mine
      ? (lock.asked ? _("{name} asks for this document.", { name: lock.asked }) : "")
      : [_("{name} is editing this document.", { name: lock.by }), lock.asked_by_me ? _("You have asked for it.") : ""].join(" ");
    const steps = !lock || !said ? [] : mine
      ? [["give", _("Hand it to {name}", { name: lock.asked })], ["keep", _("Keep it")]]
      : [...(lock.asked ? [] : [["ask", _("Ask for it")]]), ...(lock.free ? [["take_over", _("Take it over")]] : [])];
    if (mine && !wasMine && told === 0 && lock) hint(_("The document is yours now."));
    if (!mine) told = 0;
    wasMine = mine;
    document.getElementById("review").classList.toggle("locked", Boolean(lock) && !mine);
    const key = JSON.stringify([said, steps]);
    if (line.dataset.shown === key) return;
    line.dataset.shown = key;
    line.hidden = !said;
    line.querySelector("span").textContent = said;
    const buttons = steps.map(([step, label]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.dataset.lockStep = step;
      button.textContent = label;
      return button;
    });
    line.querySelector(".line").replaceChildren(...buttons);
  }

  line?.addEventListener("click", async (event) => {
    const { lockStep } = event.target.dataset;
    if (!lockStep) return;
    try {
      await send(root.dataset.lock, { step: lockStep });
    } catch {
      hint(_("The service did not answer. Try again in a moment."));
    }
  });

  /** Whether somebody else has it; said, and what was about to be done is not. */
  function isOthers() {
    if (!lock || lock.mine) return false;
    hint(_("{name} is editing this document. Ask for it above, or wait until it is free.", { name: lock.by }));
    return true;
  }

  root.addEventListener("beforeinput", (event) => {
    if (!event.target.closest(".facts [data-field]")) return;
    if (isOthers()) {
      event.preventDefault();
      return;
    }
    // editing takes the document; while it goes on, others see that somebody is at it
    if (!line || Date.now() - told < ACTIVE) return;
    told = Date.now();
    send(root.dataset.lock, { step: "take" }).catch(() => { told = 0; });
  });

  function showStale() {
    const again = document.createElement("a");
    again.href = "";
    again.textContent = _("Load the page anew");
    showNotice("alert", `${_("Somebody changed this document meanwhile.")} `, again);
  }

  showLock();
  setInterval(() => { if (!document.hidden) stayPresent(); }, facts().hasAttribute("data-waits") ? WAITING : EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) stayPresent(); });
  addEventListener("pagehide", () => {
    navigator.sendBeacon(root.dataset.presence, new URLSearchParams({ csrf: csrf(), leaving: "yes" }));
  });
  return { isOthers };
}
