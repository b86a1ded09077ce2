/** One axis as a number line: the zeros, the pixels, and below them every window as a bar. */

import { h, minus, s, setText } from "./dom.js";
import { cells } from "./grid.js";
import { keptPaths } from "./kept_paths.js";
import { numeralPath } from "./numerals.js";
import { range, windowPixels, windowWidth } from "./shapes.js";
import { stepsLine } from "./words.js";

const LANE = 0.55; // height of a bar and the gap below it, in cells
const BAR = 0.36;

/** @returns {{node: Element, draw: Function}} */
export function numberLine() {
  const title = h("p", { class: "sw-heading" });
  const [ground, windows] = [s("g"), s("g")];
  const drawing = s("svg", { class: "sw-number-line", "aria-hidden": "true" }, ground, windows);
  const [drawGround, drawWindows] = [ground, windows].map(keptPaths);
  const words = h("p", { class: "sw-steps" });
  const node = h("div", { class: "sw-axis" }, title, drawing, words);
  let drawn = { axis: "", windows: "" };
  return {
    node,
    /** `said` is shown below in place of the axis's own sentence. */
    draw(axis, name, chosen, said = stepsLine(axis)) {
      setText(title, name);
      setText(words, said);
      const wanted = { axis: JSON.stringify(axis), windows: JSON.stringify([axis, chosen]) };
      const box = boxOf(axis);
      if (wanted.axis !== drawn.axis) {
        drawing.setAttribute("viewBox", `${box.left - 0.1} -0.1 ${box.width + 0.2} ${box.height + 0.2}`);
        drawing.style.setProperty("--columns", box.width);
        drawGround(groundOf(axis, box));
      }
      if (wanted.windows !== drawn.windows) drawWindows(windowsOf(axis, new Set(chosen), box));
      drawn = wanted;
    },
  };
}

/** Where everything lies, in cells. Windows in one lane leave at least a pixel between them. */
function boxOf(axis) {
  const [left, right] = [-axis.before, axis.size + axis.after];
  const reach = axis.starts.length ? axis.starts.at(-1) + windowWidth(axis) : right;
  const width = Math.max(right, reach) - left;
  const lanes = Math.min(Math.floor(windowWidth(axis) / axis.strides) + 1, axis.output);
  const text = Math.max(0.55, width * 0.026);
  const top = 1 + text * 1.5;
  return { left, right, width, lanes, text, top, height: top + Math.max(lanes, 1) * LANE };
}

/** The pixels, the zeros, and their indices. */
function groundOf(axis, { left, right, text }) {
  return [
    { class: "sw-pixel", d: cells([0], range(0, axis.size)) },
    { class: "sw-zero-ground", d: cells([0], zeros(axis)) },
    { class: "sw-unread-ground", d: cells([0], unread(axis)) },
    { class: "sw-lines", d: cells([0], range(left, right)) },
    { class: "sw-unread-line-cross", d: crosses(unread(axis)) },
    ...labels(axis, left, right, text),
    { class: "sw-zero-dot", d: dots(zeros(axis)) },
  ];
}

/** A bar for each window, those that are chosen in another colour. */
function windowsOf(axis, chosen, { top, lanes }) {
  const bars = axis.starts.map((start, i) => ({
    chosen: chosen.has(i), ...bar(axis, start, top + (i % lanes) * LANE) }));
  const those = (part, wanted) =>
    bars.filter((one) => one.chosen === wanted).map((one) => one[part]).join("");
  return [
    { class: "sw-joins", d: those("join", false) + those("join", true) },
    { class: "sw-bars", d: those("blocks", false) },
    { class: "sw-bars sw-chosen", d: those("blocks", true) },
    { class: "sw-bar-ends", d: those("around", false) + those("around", true) },
  ];
}

function zeros({ before, size, after }) {
  return [...range(-before, 0), ...range(size, size + after)];
}

function unread({ counts }) {
  return counts.flatMap((count, pixel) => (count === 0 ? [pixel] : []));
}

function crosses(pixels) {
  return pixels.map((x) => `M${x + 0.2} 0.2l0.6 0.6M${x + 0.8} 0.2l-0.6 0.6`).join("");
}

function dots(pixels) {
  return pixels.map((x) => `M${x + 0.36} 0.5a.14.14 0 1 0 .28 0a.14.14 0 1 0-.28 0z`).join("");
}

/** A bar over each pixel the window reads, joined by a thin line across the gaps. */
function bar(axis, start, y) {
  const blocks = windowPixels(axis, start).map((x) => `M${x + 0.08} ${y}h0.84v${BAR}h-0.84z`);
  const end = start + windowWidth(axis);
  const around = `M${start + 0.04} ${y - 0.04}H${end - 0.04}v${BAR + 0.08}H${start + 0.04}z`;
  return { around, blocks: blocks.join(""), join: `M${start + 0.08} ${y + BAR / 2}H${end - 0.08}` };
}

/** The indices: those where a window begins are bold. */
function labels(axis, left, right, size) {
  const every = Math.max(1, Math.ceil((right - left) / 18));
  const shown = range(left, right).filter((x) => x === left || (x % every === 0 && x - left >= every));
  return [true, false].map((begins) => {
    const all = shown.filter((x) => axis.starts.includes(x) === begins)
      .map((x) => ({ words: minus(x), x: x + 0.5, y: 1 + size * 1.05 }));
    return { class: "sw-numeral", "stroke-width": size / (begins ? 5.5 : 10), d: numeralPath(all, size) };
  });
}
