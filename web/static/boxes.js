// Boxes that a person draws on a page for the value in focus: by mouse, by touch once it is switched on, by arrow keys.

import { bind } from "./keys.js";
import { _ } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 0.004; // share of the page's width below which a drag was a click
const STEP = 0.01; // share of the page that an arrow key moves or widens a box by

/** The point of a page, in its own measure, under the pointer; true also when the page is turned. */
function pointOn(sheet, event) {
  const drawing = sheet.querySelector("svg");
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
  return [Math.min(Math.max(at.x, 0), Number(sheet.dataset.width)), Math.min(Math.max(at.y, 0), Number(sheet.dataset.height))];
}

/** `isFilling()` says whether a value waits for a box; `onBox(sheet, box, again)` is given it; `hint(text)` tells. */
export function drawBoxes(viewer, { isFilling, onBox, hint }) {
  if (!viewer.sheets) return;
  const button = document.querySelector("[data-draw]");
  let drawn = null; // { sheet, rect, from }
  let byKey = null; // { sheet, rect, box, field }

  function show(sheet, [x0, top, x1, bottom]) {
    const made = document.createElementNS(SVG, "rect");
    sheet.querySelector(".drawn").replaceChildren(made);
    place(made, [x0, top, x1, bottom]);
    return made;
  }

  function place(made, [x0, top, x1, bottom]) {
    made.setAttribute("x", x0);
    made.setAttribute("y", top);
    made.setAttribute("width", x1 - x0);
    made.setAttribute("height", bottom - top);
  }

  function clear() {
    for (const layer of viewer.sheets.querySelectorAll(".drawn")) layer.replaceChildren();
  }

  function switchOn(on) {
    viewer.isDrawing = on;
    viewer.sheets.classList.toggle("drawing", on);
    button?.setAttribute("aria-pressed", String(on));
    if (on && !isFilling()) hint(_("Go to a value first, then draw a box around its words."));
  }
  button?.addEventListener("mousedown", (event) => event.preventDefault());
  button?.addEventListener("click", () => switchOn(!viewer.isDrawing));

  viewer.sheets.addEventListener("pointerdown", (event) => {
    const sheet = event.target.closest(".sheet[data-words]");
    const wanted = viewer.isDrawing || (event.pointerType === "mouse" && (!event.target.word || event.shiftKey));
    if (!sheet || !wanted || event.button !== 0 || !isFilling()) return;
    event.preventDefault();
    const from = pointOn(sheet, event);
    drawn = { sheet, from, rect: show(sheet, [...from, ...from]) };
    sheet.setPointerCapture(event.pointerId);
  });
  // the field keeps the focus while a box is drawn for it
  viewer.sheets.addEventListener("mousedown", (event) => { if (drawn) event.preventDefault(); });
  viewer.sheets.addEventListener("pointermove", (event) => {
    if (drawn) place(drawn.rect, boxOf(event));
  });
  viewer.sheets.addEventListener("pointerup", (event) => {
    if (!drawn) return;
    const { sheet } = drawn;
    const box = boxOf(event);
    drawn = null;
    if (box[2] - box[0] < LEAST * sheet.dataset.width || box[3] - box[1] < LEAST * sheet.dataset.width) {
      clear();
      return;
    }
    switchOn(false);
    onBox(sheet, box, event.altKey);
  });
  viewer.sheets.addEventListener("pointercancel", () => { drawn = null; clear(); });

  function boxOf(event) {
    const [x, y] = pointOn(drawn.sheet, event);
    const [fromX, fromY] = drawn.from;
    return [Math.min(x, fromX), Math.min(y, fromY), Math.max(x, fromX), Math.max(y, fromY)];
  }

  /** A box in the middle of what is seen, which the arrows move (with Shift: widen) and Enter takes. */
  function beginByKey() {
    if (!isFilling()) {
      hint(_("Go to a value first, then draw a box around its words."));
      return;
    }
    const middle = viewer.sheets.scrollTop + viewer.sheets.clientHeight / 2 + viewer.sheets.offsetTop;
    const sheet = viewer.pages.findLast((page) => page.offsetTop <= middle) ?? viewer.pages[0];
    const width = Number(sheet.dataset.width);
    const height = Number(sheet.dataset.height);
    const y = Math.min(Math.max((middle - sheet.offsetTop) / sheet.clientHeight, 0.05), 0.95) * height;
    const box = [0.35 * width, y - 0.012 * height, 0.65 * width, y + 0.012 * height];
    byKey = { sheet, box, rect: show(sheet, box), field: document.activeElement };
    viewer.sheets.focus({ preventScroll: true });
    hint(_("Arrows move the box, with Shift they widen it; Enter takes it, Escape leaves it."));
  }

  function endByKey() {
    byKey = null;
    clear();
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "b") {
      event.preventDefault();
      beginByKey();
      return;
    }
    if (!byKey) return;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const { sheet, rect, box, field } = byKey;
    if (steps) {
      const [x, y] = [steps[0] * STEP * sheet.dataset.width, steps[1] * STEP * sheet.dataset.height * 0.6];
      if (!event.shiftKey) {
        box[0] += x;
        box[1] += y;
      }
      box[2] = Math.max(box[2] + x, box[0] + 2);
      box[3] = Math.max(box[3] + y, box[1] + 2);
      place(rect, box);
      viewer.scrollTo(sheet, (box[1] / sheet.dataset.height) * sheet.clientHeight);
    } else if (event.key === "Enter") {
      byKey = null;
      onBox(sheet, box, event.altKey);
    } else if (event.key === "Escape") {
      endByKey();
      field?.focus();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  bind("b", beginByKey);
  viewer.clearDrawn = clear;
}
