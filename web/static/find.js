// Finding on the page, as a browser does in a page of text.

import { bind } from "./keys.js";
import { _ } from "./texts.js";

export function findOn(viewer, leave) {
  const find = document.getElementById("find");
  const places = document.getElementById("places");
  if (!find) return;

  function tellPlaces() {
    const { runs, at } = viewer;
    const asked = find.value.replace(/\s+/g, "");
    places.textContent = asked ? (runs.length ? _("{at} of {all}", { at: at + 1, all: runs.length }) : _("not found")) : "";
  }

  find.addEventListener("input", async () => {
    await viewer.loadAll();
    viewer.showFitting(find.value);
    viewer.stepFitting(1);
    tellPlaces();
  });
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      viewer.stepFitting(event.shiftKey ? -1 : 1);
      tellPlaces();
    } else if (event.key === "Escape") {
      find.value = "";
      viewer.showFitting("");
      tellPlaces();
      leave();
    }
  });
  bind("f", () => { find.focus(); find.select(); });
}
