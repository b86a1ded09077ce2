/** A table with fields for a prediction, and Python's comparison. */

import { button, h } from "../widgets/dom.js";
import { ask } from "./python.js";

/** Rows to fill in for `network` (a request for Python), whose `rows` are known. */
export function predictionTable(network, rows) {
  const boxes = rows.map(([name]) => ({ shape: box(`${name}: output shape`, ""),
    count: box(`${name}: parameters`, "count") }));
  const result = h("div", { class: "scroll compared", tabindex: "0", role: "region", "aria-label": "Comparison", "aria-live": "polite" });
  const check = button("Compare with Keras's rules", async () => {
    check.disabled = true;
    result.textContent = "Computing …";
    try {
      const { html, problem } = await ask({ ...network, ask: "compare",
        shapes: boxes.map(({ shape }) => shape.value), parameters: boxes.map(({ count }) => count.value) });
      if (problem) result.textContent = problem;
      else result.innerHTML = html; // from our own Python code, which escapes what was typed
    } catch (error) {
      result.textContent = `This cannot be compared here: ${error.message}`;
    }
    check.disabled = false;
  });
  const head = h("tr", {}, ["Layer", "Output shape", "Parameters"].map((text) => h("th", { scope: "col" }, text)));
  const body = rows.map(([name, type], i) => h("tr", {},
    h("th", { scope: "row" }, `${name} (${type})`), h("td", {}, boxes[i].shape), h("td", {}, boxes[i].count)));
  return h("div", {}, h("div", { class: "scroll form" },
    h("table", { class: "rows" }, h("thead", {}, head), h("tbody", {}, body))),
    h("p", {}, "Write a shape as 26, 26, 32 and a count as a number or as (3*3*1 + 1)*32."),
    h("div", { class: "actions" }, check), result);
}

function box(label, kind) {
  return h("input", { type: "text", class: kind, "aria-label": label, autocomplete: "off", spellcheck: "false" });
}
