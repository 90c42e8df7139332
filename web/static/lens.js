// Under the value in focus: its piece of the page, the label it stands by, and in one line why it was taken.

import { _ } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const AROUND = 1.1; // heights of the print that are shown above and below a value
const WIDEST = 260; // points of the page that are shown at most

function element(name, attributes, inside = []) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

const rect = ([x0, top, x1, bottom], name) =>
  element("rect", { x: x0 - 1, y: top - 1, width: x1 - x0 + 2, height: bottom - top + 2, class: name });

export class Lens {
  constructor(viewer, labelsAddress) {
    this.viewer = viewer;
    this.labels = {};
    this.shown = null;
    if (!viewer.sheets) return;
    fetch(labelsAddress, { headers: { Accept: "application/json" } })
      .then((response) => (response.ok ? response.json() : {}))
      .then((labels) => {
        this.labels = labels;
        if (this.input) this.show(this.input);
      })
      .catch(() => {}); // without labels the values are shown all the same
  }

  /** Show what is known of the value in this input. */
  show(input) {
    this.input = input;
    this.shown?.remove();
    this.shown = null;
    this.lightLabel(input);
    const why = this.why(input);
    const snippet = this.snippet(input);
    if (!why && !snippet) return;
    const inside = document.createElement("div");
    inside.className = "lens-inside";
    if (snippet) inside.append(snippet);
    if (why) {
      const line = document.createElement("p");
      line.className = "help";
      line.textContent = why;
      inside.append(line);
    }
    this.place(input, inside);
  }

  /** Below a field; in the grid below the line. */
  place(input, inside) {
    const row = input.closest("tr");
    if (row) {
      const cell = document.createElement("td");
      cell.colSpan = row.cells.length;
      cell.append(inside);
      this.shown = document.createElement("tr");
      this.shown.append(cell);
      row.after(this.shown);
    } else {
      this.shown = inside;
      (input.closest(".field") ?? input.parentElement).append(inside);
    }
    this.shown.classList.add("lens");
  }

  why(input) {
    const label = this.labels[input.dataset.field];
    const { hint } = input.dataset;
    return [label ? _("stands by \u201c{label}\u201d", { label: label.text }) : "", hint ?? ""].filter(Boolean).join(", ");
  }

  lightLabel(input) {
    if (!this.viewer.sheets) return;
    for (const old of this.viewer.sheets.querySelectorAll(".boxes .label")) old.remove();
    const label = this.labels[input.dataset.field];
    const sheet = label && this.viewer.pages.find((page) => Number(page.dataset.page) === label.page);
    sheet?.querySelector(".boxes").append(rect(label.box, "label"));
  }

  snippet(input) {
    const sheet = this.viewer.sheets && this.viewer.sheetOf(input);
    if (!sheet || !input.dataset.box) return null;
    const box = JSON.parse(input.dataset.box);
    const label = this.labels[input.dataset.field];
    const high = box[3] - box[1];
    const beside = label && label.page === Number(input.dataset.page) && Math.abs(label.box[1] - box[1]) < high;
    const from = beside && box[2] - label.box[0] < WIDEST ? Math.min(label.box[0], box[0]) : box[0];
    const [x, y] = [Math.max(0, from - high), Math.max(0, box[1] - AROUND * high)];
    const [width, height] = [Math.min(Math.max(box[2] - x + 2 * high, 14 * high), WIDEST), high * (1 + 2 * AROUND)];
    const page = sheet.querySelector("img");
    const image = element("image", { href: page.getAttribute("src"), width: sheet.dataset.width, height: sheet.dataset.height });
    image.setAttribute("preserveAspectRatio", "none");
    const made = element("svg", { viewBox: `${x} ${y} ${width} ${height}`, class: "snippet", role: "img" }, [image, rect(box, "active")]);
    made.setAttribute("aria-label", _("What the page shows there"));
    made.style.aspectRatio = `${width} / ${height}`;
    return made;
  }
}
