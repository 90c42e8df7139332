// The page's picture: zoom, the words as a layer that can be clicked, and the boxes of the values.

const SVG = "http://www.w3.org/2000/svg";
const SMALLEST = 0.4;
const LARGEST = 5;

function rect(box, className) {
  const [x0, top, x1, bottom] = box;
  const made = document.createElementNS(SVG, "rect");
  made.setAttribute("x", x0 - 1);
  made.setAttribute("y", top - 1);
  made.setAttribute("width", x1 - x0 + 2);
  made.setAttribute("height", bottom - top + 2);
  if (className) made.setAttribute("class", className);
  return made;
}

const plain = (text) => text.toLocaleLowerCase().replace(/\s+/g, "");

export class Viewer {
  /** `sheets` holds the pages (null where there are none); `onPick(words, isRun)` is told of clicked words. */
  constructor(sheets, onPick) {
    this.sheets = sheets;
    this.onPick = onPick;
    this.scale = 1;
    this.rects = new Map();
    this.start = null;
    if (!sheets) return;
    this.pages = [...sheets.querySelectorAll(".sheet")];
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        seen.unobserve(entry.target);
        this.load(entry.target);
      }
    }, { root: sheets, rootMargin: "400px" });
    this.pages.forEach((page) => seen.observe(page));
    this.listen();
  }

  async load(sheet) {
    const response = await fetch(sheet.dataset.words, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const { page, words } = await response.json();
    const layer = sheet.querySelector(".words");
    words.forEach(([text, ...box], index) => {
      const made = rect(box);
      const word = { id: `${page}-${index}`, index, page, text, box };
      made.word = word;
      this.rects.set(word.id, made);
      layer.append(made);
    });
    sheet.dataset.ready = "yes";
  }

  listen() {
    // the field keeps the focus while words are clicked
    this.sheets.addEventListener("pointerdown", (event) => {
      const word = event.target.word;
      if (!word || event.button !== 0) return;
      event.preventDefault();
      this.start = word;
    });
    this.sheets.addEventListener("mousedown", (event) => { if (event.target.word) event.preventDefault(); });
    this.sheets.addEventListener("pointerup", (event) => {
      const start = this.start;
      this.start = null;
      const end = event.target.word;
      if (!start || !end || start.page !== end.page) return;
      const [from, to] = [Math.min(start.index, end.index), Math.max(start.index, end.index)];
      const run = [];
      for (let index = from; index <= to; index += 1) run.push(this.rects.get(`${start.page}-${index}`).word);
      this.onPick(run, run.length > 1);
    });
    const toolbar = this.sheets.parentElement.querySelector(".toolbar");
    toolbar.addEventListener("click", (event) => {
      const way = event.target.closest("[data-zoom]")?.dataset.zoom;
      if (way === "fit") this.fit();
      else if (way) this.zoomBy(way === "in" ? 1.25 : 0.8);
      const link = event.target.closest('a[href^="#page-"]');
      if (link) {
        event.preventDefault();
        this.scrollTo(document.querySelector(link.getAttribute("href")), 0);
      }
    });
  }

  zoomBy(factor) {
    this.setScale(this.scale * factor);
  }

  fit() {
    this.setScale(1);
  }

  setScale(scale) {
    if (!this.sheets) return;
    const before = this.sheets.scrollHeight;
    const middle = this.sheets.scrollTop + this.sheets.clientHeight / 2;
    this.scale = Math.min(LARGEST, Math.max(SMALLEST, scale));
    for (const page of this.pages) page.style.width = this.scale === 1 ? "" : `${this.scale * 100}%`;
    const output = document.getElementById("zoom");
    if (output) output.textContent = `${Math.round(this.scale * 100)}%`;
    this.sheets.scrollTop = (middle * this.sheets.scrollHeight) / before - this.sheets.clientHeight / 2;
  }

  /** Mark where the values stand; the one in focus stands out. */
  drawBoxes(inputs, active) {
    if (!this.sheets) return;
    for (const sheet of this.pages) sheet.querySelector(".boxes").replaceChildren();
    for (const input of inputs) {
      if (!input.dataset.box) continue;
      const sheet = this.sheetOf(input);
      if (!sheet) continue;
      const doubtful = input.matches(".error, .warning, [data-unsure]");
      const made = rect(JSON.parse(input.dataset.box), doubtful ? "doubt" : "");
      made.dataset.path = input.dataset.field;
      sheet.querySelector(".boxes").append(made);
    }
    if (active?.dataset?.field) this.mark(active);
  }

  /** Show where the value of this input stands. */
  activate(input) {
    if (!this.sheets) return;
    this.mark(input);
    this.showFitting("");
    const sheet = this.sheetOf(input);
    if (!sheet || !input.dataset.box) return;
    const [, top] = JSON.parse(input.dataset.box);
    this.scrollTo(sheet, (top / Number(sheet.dataset.height)) * sheet.clientHeight);
  }

  mark(input) {
    for (const box of this.sheets.querySelectorAll(".boxes rect")) {
      box.classList.toggle("active", box.dataset.path === input.dataset.field);
    }
  }

  sheetOf(input) {
    return input.dataset.page ? this.pages.find((page) => page.dataset.page === input.dataset.page) : null;
  }

  scrollTo(sheet, offset) {
    const top = sheet.offsetTop - this.sheets.offsetTop + offset;
    const shown = this.sheets.scrollTop;
    if (offset && top > shown + 40 && top < shown + this.sheets.clientHeight - 60) return;
    this.sheets.scrollTop = Math.max(0, top - (offset ? this.sheets.clientHeight / 3 : 0));
  }

  showPicked(words) {
    const ids = new Set(words.map((word) => word.id));
    for (const [id, made] of this.rects) made.classList.toggle("picked", ids.has(id));
  }

  /** Light up the words that contain what is being typed. */
  showFitting(text) {
    const wanted = plain(text);
    for (const made of this.rects.values()) {
      made.classList.toggle("fits", wanted.length > 1 && plain(made.word.text).includes(wanted));
    }
  }
}
