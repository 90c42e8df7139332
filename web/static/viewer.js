// The page's picture: zoom, the words as a layer that can be clicked, and the boxes of the values.

const SVG = "http://www.w3.org/2000/svg";
const SMALLEST = 0.4;
const LARGEST = 5;
const LONGEST_RUN = 8; // words that one value may be printed over

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
    /** Runs of words that contain what is typed, in reading order, and the one the arrows stand on. */
    this.runs = [];
    this.at = -1;
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
    if (sheet.dataset.ready || sheet.dataset.asked) return;
    sheet.dataset.asked = "yes";
    const response = await fetch(sheet.dataset.words, { headers: { Accept: "application/json" } });
    if (!response.ok) {
      delete sheet.dataset.asked;
      return;
    }
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

  /** Have the words of every page, also of those that were not looked at yet. */
  async loadAll() {
    if (!this.sheets || this.loading) return this.loading;
    this.loading = Promise.all(this.pages.filter((page) => !page.dataset.ready).map((page) => this.load(page)));
    return this.loading;
  }

  listen() {
    // the field keeps the focus while words are clicked
    this.sheets.addEventListener("pointerdown", (event) => {
      const word = event.target.word;
      if (!word || event.button !== 0 || this.isDrawing || event.shiftKey) return;
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
      if (event.target.closest("[data-turn]")) this.turn();
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

  /** Turn every page by a quarter. */
  turn() {
    if (!this.sheets) return;
    this.turned = ((this.turned ?? 0) + 90) % 360;
    for (const page of this.pages) {
      const { width, height } = page.dataset;
      page.dataset.turned = this.turned;
      page.style.aspectRatio = this.turned % 180 ? `${height} / ${width}` : "";
    }
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

  /** The words whose middle lies in a box of a page, in reading order. */
  async wordsIn(sheet, [x0, top, x1, bottom]) {
    await this.load(sheet);
    const inside = ({ page, box }) => String(page) === sheet.dataset.page && x0 <= (box[0] + box[2]) / 2 &&
      (box[0] + box[2]) / 2 <= x1 && top <= (box[1] + box[3]) / 2 && (box[1] + box[3]) / 2 <= bottom;
    return [...this.rects.values()].map((made) => made.word).filter(inside).sort((one, two) => one.index - two.index);
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

  /** Light up the places that contain what is being typed, also over several words. */
  showFitting(text) {
    const wanted = plain(text);
    this.at = -1;
    this.runs = wanted.length > 1 ? this.runsOf(wanted) : [];
    const lit = new Set(this.runs.flat().map((word) => word.id));
    for (const [id, made] of this.rects) {
      made.classList.toggle("fits", lit.has(id));
      made.classList.remove("chosen");
    }
  }

  runsOf(wanted) {
    const words = [...this.rects.values()].map((made) => made.word);
    words.sort((one, two) => one.page - two.page || one.index - two.index);
    const found = [];
    for (let first = 0; first < words.length; first += 1) {
      let joined = "";
      for (let last = first; last < Math.min(words.length, first + LONGEST_RUN); last += 1) {
        if (words[last].page !== words[first].page) break;
        joined += plain(words[last].text);
        const at = joined.indexOf(wanted);
        if (at >= plain(words[first].text).length) break; // a later run begins there
        if (at >= 0) {
          found.push(words.slice(first, last + 1));
          break;
        }
      }
    }
    return found;
  }

  /** Go to the next place that contains what is typed (or back, with -1); false where there is none. */
  stepFitting(step) {
    if (!this.runs.length) return false;
    this.at = this.at < 0 && step < 0 ? this.runs.length - 1 : (this.at + step + this.runs.length) % this.runs.length;
    const run = this.chosenRun();
    const ids = new Set(run.map((word) => word.id));
    for (const [id, made] of this.rects) made.classList.toggle("chosen", ids.has(id));
    const sheet = this.pages.find((page) => Number(page.dataset.page) === run[0].page);
    this.scrollTo(sheet, (run[0].box[1] / Number(sheet.dataset.height)) * sheet.clientHeight);
    return true;
  }

  /** The words that the arrows stand on; null where they stand on none. */
  chosenRun() {
    return this.runs[this.at] ?? null;
  }
}
