/** Input and output of one layer side by side, and what is selected in either. */

import { h, s } from "./dom.js";
import { cells, grid, range } from "./grid.js";
import { windowPixels } from "./shapes.js";
import { unreadTotal } from "./words.js";

const WRITTEN = 16; // up to this many cells a side, a count is written into its cell

/** Every index of `axis` that `index` is joined to: its window, or the outputs it feeds. */
function reach(axis, kind, index) {
  if (kind === "output") return windowPixels(axis, axis.starts[index]);
  return axis.starts.flatMap((start, i) =>
    (windowPixels(axis, start).includes(index) ? [i] : []));
}

/**
 * What a cell is joined to, kept inside the present grids.
 * @param {object[]} plans rows, then columns
 */
export function select(plans, [kind, row, column]) {
  const [y, x] = [row, column].map((index, i) => {
    const { before, size, after, output } = plans[i];
    const [low, high] = kind === "output" ? [0, output] : [-before, size + after];
    return Math.min(Math.max(index, low), high - 1);
  });
  return { kind, row: y, column: x, rows: reach(plans[0], kind, y),
    columns: reach(plans[1], kind, x) };
}

/** @param {{onPoint: Function, onLeave: Function, onPin: Function}} handlers by kind of grid */
export function figure(handlers, { alone = "" } = {}) {
  const side = (kind) => grid({
    name: kind,
    onPoint: (row, column, keys) => handlers.onPoint([kind, row, column], keys),
    onLeave: handlers.onLeave,
    onPin: (row, column) => handlers.onPin([kind, row, column]),
  });
  const [input, output] = [side("input"), side("output")];
  const [inputName, outputName] = [h("p", { class: "sw-heading" }), h("p", { class: "sw-heading" })];
  const half = (name, picture) => h("div", { class: "sw-half" }, name, picture.node);
  const node = h("div", { class: "sw-figure" }, half(inputName, input), half(outputName, output));
  return {
    node,
    draw(plans, selection, { counts, pinned, images = [] }) {
      node.style.setProperty("--widest", plans[1].before + plans[1].size + plans[1].after);
      inputName.textContent = `${alone}Input ${plans[0].size} × ${plans[1].size}`;
      outputName.textContent = `${alone}Output ${plans[0].output} × ${plans[1].output}`;
      drawInput(input, plans, selection, counts, images[0]);
      drawOutput(output, plans, selection, images[1]);
      const at = selection.kind === "output" ? output : input;
      const words = `${selection.kind} row ${selection.row}, column ${selection.column}`;
      at.point(selection.row, selection.column, words, pinned);
      const other = at === output ? input : output;
      other.point(selection.rows[0] ?? 0, selection.columns[0] ?? 0,
        `${at === output ? "input" : "output"} grid: arrow keys walk, Enter pins`, false);
    },
  };
}

function drawInput(picture, plans, selection, counts, image) {
  const [rows, columns] = plans;
  const box = { top: -rows.before, left: -columns.before,
    bottom: rows.size + rows.after, right: columns.size + columns.after };
  const inside = `M0 0h${columns.size}v${rows.size}h${-columns.size}z`;
  const outside = `M${box.left} ${box.top}H${box.right}V${box.bottom}H${box.left}z`;
  const layers = [
    { class: "sw-pixel", d: image ? "" : inside },
    { fill: "dots", "fill-rule": "evenodd", d: outside + inside },
    ...(counts ? shades(rows, columns) : []),
    { fill: "hatch", class: "sw-unread", d: stripes(rows, columns) },
    { class: image ? "sw-marked sw-clear" : "sw-marked", d: marked(selection, "input") },
  ];
  const written = counts && Math.max(rows.size, columns.size) <= WRITTEN;
  picture.draw(box, layers, {
    under: image ? [image] : [],
    over: [outline(selection, "input"), ...(written ? numbers(rows, columns) : [])],
  });
}

function drawOutput(picture, [rows, columns], selection, image) {
  const box = { top: 0, left: 0, bottom: rows.output, right: columns.output };
  const ground = `M0 0h${columns.output}v${rows.output}h${-columns.output}z`;
  picture.draw(box, [
    { class: "sw-made", d: image ? "" : ground },
    { class: image ? "sw-marked sw-clear" : "sw-marked", d: marked(selection, "output") },
  ], { under: image ? [image] : [], over: [outline(selection, "output")] });
}

function marked({ kind, row, column, rows, columns }, where) {
  return kind === where ? cells([row], [column]) : cells(rows, columns);
}

/** A line around everything marked, so that it shows without its colour. */
function outline({ kind, row, column, rows, columns }, where) {
  const [ys, xs] = kind === where ? [[row], [column]] : [rows, columns];
  if (ys.length === 0 || xs.length === 0) return s("g");
  const [y, x] = [ys[0], xs[0]];
  return s("rect", { class: "sw-outline", x, y,
    width: xs[xs.length - 1] - x + 1, height: ys[ys.length - 1] - y + 1 });
}

/** Whole rows and columns that no window reads. */
function stripes(rows, columns) {
  const none = (axis) => range(0, axis.size).filter((i) => axis.counts[i] === 0);
  const across = none(rows).map((y) => `M0 ${y}h${columns.size}v1h${-columns.size}z`);
  const down = none(columns).map((x) => `M${x} 0h1v${rows.size}h-1z`);
  return [...across, ...down].join("");
}

/** One path for each number of reads, darker the more often. */
function shades(rows, columns) {
  const paths = new Map();
  rows.counts.forEach((down, y) => columns.counts.forEach((across, x) => {
    const reads = down * across;
    paths.set(reads, `${paths.get(reads) ?? ""}M${x} ${y}h1v1h-1z`);
  }));
  const most = Math.max(...paths.keys(), 1);
  return [...paths].filter(([reads]) => reads > 0).map(([reads, d]) =>
    ({ class: "sw-shade", "fill-opacity": (0.5 * reads / most).toFixed(2), d }));
}

function numbers(rows, columns) {
  return rows.counts.flatMap((down, y) => columns.counts.map((across, x) =>
    s("text", { x: x + 0.5, y: y + 0.7, class: "sw-count" }, String(down * across))));
}

/** What the marks in the drawing mean. */
export function legend() {
  const key = (name, words) => h("li", {}, h("span", { class: `sw-key sw-key-${name}`,
    "aria-hidden": "true" }), words);
  const unread = key("unread", "hatched: read by no window");
  const node = h("ul", { class: "sw-legend" }, key("pixel", "pixel"), key("zero", "dot: zero"),
    unread, key("marked", "outlined: selected"));
  return { node, draw: ([rows, columns]) => { unread.hidden = !unreadTotal(rows, columns); } };
}
