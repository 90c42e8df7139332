// What is being pressed stands still: an answer is put into the page once the button is let go, never under a slow click.

const LONGEST = 3000; // milliseconds; menus and pickers of the system may swallow the end of a press

let pressed = false;
const waiting = new Set();

function release() {
  pressed = false;
  // after the click that follows
  setTimeout(() => {
    for (const go of waiting) go();
    waiting.clear();
  }, 0);
}

document.addEventListener("pointerdown", (event) => {
  pressed = event.button === 0 && !event.target.closest?.("select");
}, { capture: true });
for (const end of ["pointerup", "pointercancel", "click", "dragend", "contextmenu", "keydown"]) {
  document.addEventListener(end, release, { capture: true });
}
addEventListener("blur", release);

function released() {
  if (!pressed) return Promise.resolve();
  return new Promise((go) => {
    waiting.add(go);
    setTimeout(go, LONGEST);
  });
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const ask = ctx.fetch;
  ctx.fetch = async (...asked) => {
    const answer = await ask(...asked);
    await released();
    return answer;
  };
});
