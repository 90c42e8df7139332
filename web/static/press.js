// What is being pressed stands still: an answer is put into the page once the button is let go, never under a slow click.

let pressed = false;
const waiting = [];

function release() {
  pressed = false;
  // after the click that follows
  setTimeout(() => waiting.splice(0).forEach((go) => go()), 0);
}

document.addEventListener("pointerdown", () => { pressed = true; }, { capture: true });
for (const end of ["pointerup", "pointercancel", "dragend"]) document.addEventListener(end, release, { capture: true });
addEventListener("blur", release);

const released = () => (pressed ? new Promise((go) => waiting.push(go)) : Promise.resolve());

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const ask = ctx.fetch;
  ctx.fetch = async (...asked) => {
    const answer = await ask(...asked);
    await released();
    return answer;
  };
});
