/** What each network says: a table of probabilities, and what the answer costs. */

import { h, thousands } from "./dom.js";

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

/** 0.934 as "93 %"; only 0 and 1 themselves are shown as 0 % and 100 %. */
export function chance(probability) {
  const rounded = Math.round(100 * probability);
  if (rounded === 0 && probability > 0) return "<1\u00a0%";
  if (rounded === 100 && probability < 1) return ">99\u00a0%";
  return `${rounded}\u00a0%`;
}

/** "valid says 7 (93 %)", or why it says nothing. */
export function answerWords({ name, says, probabilities, problem }) {
  return problem ? `${name}: ${problem}` : `${name} says ${says} (${chance(Math.max(...probabilities))}).`;
}

/** A column for each network, a line for each digit. */
export function answerTable(networks) {
  const line = (title, cell, attributes = {}) => h("tr", attributes, h("th", { scope: "row" }, title),
    networks.map((network) => (network.problem ? h("td", {}, "–") : cell(network))));
  const odds = (digit) => ({ says, probabilities }) => h("td", { class: says === digit ? "sw-says" : "" },
    chance(probabilities[digit]), says === digit ? " ◀" : "", share(probabilities[digit]));
  return h("table", { class: "sw-answers" },
    h("caption", {}, "How probable each digit is, by each network"),
    h("thead", {}, h("tr", {}, h("td", {}), networks.map(({ name }) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, line("says", ({ says }) => h("td", { class: "sw-says" }, String(says))),
      DIGITS.map((digit) => line(String(digit), odds(digit))),
      line("parameters", ({ parameters }) => h("td", {}, thousands(parameters)), { class: "sw-cost" }),
      line("time, one picture", ({ milliseconds }) => h("td", {}, `${Number(milliseconds.toPrecision(2))}\u00a0ms`))));
}

function share(probability) {
  const bar = h("i", { class: "sw-share", "aria-hidden": "true" });
  bar.style.setProperty("--share", probability);
  return bar;
}
