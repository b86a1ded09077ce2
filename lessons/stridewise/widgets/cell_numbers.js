/**
 * The numbers in the cells of a grid. One text element for each row; elements are kept from one
 * drawing to the next, because new ones cost a browser more than new text in old ones.
 */

import { s } from "./dom.js";

const BASELINE = 0.69; // below the upper edge of a cell
const LONGEST = 6; // signs; longer numbers are written as small as these

/**
 * Write `rows` into `group`.
 * @param {Element} group
 * @param {{y: number, cells: {x: number, words: string, halo?: boolean}[]}[]} rows
 */
export function writeNumbers(group, rows) {
  fitCount(group, rows.length, "text");
  rows.forEach(({ y, cells }, at) => {
    const line = group.children[at];
    put(line, "y", String(y + BASELINE));
    const spans = spansOf(cells);
    fitCount(line, spans.length, "tspan");
    spans.forEach(({ x, words, look }, i) => {
      const span = line.children[i];
      put(span, "x", x);
      put(span, "class", look);
      if (span.textContent !== words) span.textContent = words;
    });
  });
}

/** Single signs share one element, which takes a place for each sign; others have their own. */
function spansOf(cells) {
  const alone = cells.filter(({ words, halo }) => words.length === 1 && !halo);
  const others = cells.filter((cell) => !alone.includes(cell)).map(({ x, words, halo }) => ({
    x: String(x + 0.5), words, look: lookOf(words) + (halo ? " sw-halo" : "") }));
  if (alone.length === 0) return others;
  return [{ x: alone.map(({ x }) => x + 0.5).join(" "), words: alone.map(({ words }) => words).join(""),
    look: "sw-number" }, ...others];
}

function lookOf(words) {
  return words.length < 3 ? "sw-number" : `sw-number sw-number-${Math.min(words.length, LONGEST)}`;
}

function fitCount(parent, count, tag) {
  while (parent.children.length > count) parent.lastElementChild.remove();
  while (parent.children.length < count) parent.append(s(tag));
}

function put(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
