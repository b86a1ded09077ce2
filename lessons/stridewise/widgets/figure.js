/** Input and output of one layer side by side, their numbers, and what is selected in either. */

import { numberPaths } from "./cell_numbers.js";
import { h, setHidden, setText } from "./dom.js";
import { GUTTER, cells, grid } from "./grid.js";
import { short } from "./numbers.js";
import { blank, greys, shades } from "./shading.js";
import { range, windowPixels } from "./shapes.js";
import { unreadTotal } from "./words.js";

const WRITTEN = 12; // up to this many pixels a side, numbers are written into the cells
const LEGIBLE = 13; // a cell narrower than this, in CSS pixels, holds no number
const LARGEST = 30;
const TALLEST = 420; // a whole grid
const HEADING = 124; // the space for the words above a small grid
const GAP = 24;

/** Every index of `axis` that `index` is connected to: its window, or the outputs it affects. */
function joined(axis, kind, index) {
  if (kind === "output") return windowPixels(axis, axis.starts[index]);
  return axis.starts.flatMap((start, i) =>
    (windowPixels(axis, start).includes(index) ? [i] : []));
}

/**
 * The cells that a cell is connected to, inside the present grids.
 * @param {object[]} plans rows, then columns
 */
export function select(plans, [kind, row, column]) {
  const [y, x] = [row, column].map((index, i) => {
    const { before, size, after, output } = plans[i];
    const [low, high] = kind === "output" ? [0, output] : [-before, size + after];
    return Math.min(Math.max(index, low), high - 1);
  });
  return { kind, row: y, column: x, rows: joined(plans[0], kind, y),
    columns: joined(plans[1], kind, x) };
}

/** The side of a cell in CSS pixels, so that both grids, and `middle` between them, fit `width`. */
function cellSide(width, [, columns], middle) {
  const input = columns.before + columns.size + columns.after + GUTTER;
  const output = columns.output + GUTTER;
  const most = Math.min(LARGEST, TALLEST / input);
  const within = (room) => Math.min(room / (input + output), (room - HEADING) / input);
  const abreast = within(width - 2 * GAP - middle);
  if (abreast >= 18) return { side: Math.min(abreast, most), abreast: true };
  const pair = within(width - GAP / 2);
  // One below the other only where that makes them clearly larger.
  const below = Math.min(width / input, most);
  return { side: Math.min(pair >= LEGIBLE || pair > 0.8 * below ? pair : below, most), abreast: false };
}

/**
 * @param {{onPoint: Function, onLeave: Function, onPin: Function}} handlers by kind of grid
 * @param {{alone?: string, middle?: Element}} options words before the headings; what is between
 */
export function figure(handlers, { alone = "", middle = null } = {}) {
  const side = (kind) => grid({
    name: kind,
    patterned: kind === "input",
    onPoint: (row, column, how) => handlers.onPoint([kind, row, column], how),
    onLeave: handlers.onLeave,
    onPin: (row, column) => handlers.onPin([kind, row, column]),
    onKey: (key, row, column) => handlers.onKey?.([kind, row, column], key),
  });
  const [input, output] = [side("input"), side("output")];
  const [inputName, outputName] = [h("p", { class: "sw-heading" }), h("p", { class: "sw-heading" })];
  const half = (name, picture) => h("div", { class: "sw-half" }, name, picture.node);
  const node = h("div", { class: "sw-figure" }, half(inputName, input), middle, half(outputName, output));
  return {
    node,
    stop() { [input, output].forEach((picture) => picture.stop()); },
    /** `numbers` are `{input, output, seen}`: two grids, and the outputs that are filled in. */
    draw(plans, selection, { counts, pinned, numbers, pool = false, width = 640, middleWidth = 0 }) {
      const { side: cell, abreast } = cellSide(width, plans, middleWidth);
      node.style.setProperty("--middle", `${middleWidth}px`);
      node.classList.toggle("sw-abreast", abreast);
      const letters = numbers ? [", A", ", C"] : ["", ""];
      setText(inputName, `${alone}Input ${plans[0].size} × ${plans[1].size}${letters[0]}`);
      setText(outputName, `${alone}Output ${plans[0].output} × ${plans[1].output}${letters[1]}`);
      const written = cell >= LEGIBLE && Math.max(...plans.map((axis) => axis.size)) <= WRITTEN;
      drawInput(input, plans, selection, { cell, counts, legible: written, pool, values: numbers?.input });
      drawOutput(output, plans, selection, { cell, written, numbers });
      const at = selection.kind === "output" ? output : input;
      const words = `${selection.kind} row ${selection.row}, column ${selection.column}`;
      at.point(selection.row, selection.column, words, pinned);
      const other = at === output ? input : output;
      other.point(selection.rows[0] ?? 0, selection.columns[0] ?? 0,
        `${at === output ? "input" : "output"} grid: move with the arrow keys; Enter keeps the window there`, false);
    },
  };
}

/** A path over every cell of a rectangle. */
function area(top, left, height, width) {
  return `M${left} ${top}h${width}v${height}h${-width}z`;
}

function drawInput(picture, plans, selection, { cell, counts, legible, pool, values }) {
  const [rows, columns] = plans;
  const box = { top: -rows.before, left: -columns.before,
    bottom: rows.size + rows.after, right: columns.size + columns.after };
  const inside = area(0, 0, rows.size, columns.size);
  const outside = area(box.top, box.left, box.bottom - box.top, box.right - box.left);
  const edges = Object.values(box);
  const size = [rows.size, columns.size];
  const pixels = [...size, legible, values];
  const reads = [counts || legible, ...plans.map((axis) => String(axis.counts))];
  const unread = (y, x) => rows.counts[y] === 0 || columns.counts[x] === 0;
  const missed = plans.map((axis) => String(axis.counts.map((count) => count === 0)));
  const written = legible && values && !counts;
  picture.draw(box, cell, { key: [...edges, ...pixels, ...(counts ? reads : [])], tones: () => ({ size, ground: "sw-pixel",
    grey: values ? greys(values, [0, largest(values)], { faint: legible }) : blank(size),
    blue: counts ? shades(rows, columns) : blank(size) }) }, [
    { key: [...edges, ...missed], paths: () => [
      { fill: "dots", "fill-rule": "evenodd", d: outside + inside },
      { fill: "hatch", class: "sw-unread", d: stripes(rows, columns) }] },
    chosen(selection, "input"),
    { key: counts ? [...edges, ...reads, legible] : [...pixels, ...missed], paths: () => numberPaths(
      written ? numberCells(values, unread) : legible && counts ? countCells(rows, columns) : []) },
    { key: [pool, written, ...edges], paths: () =>
      numberPaths(written ? paddingCells(box, plans, pool ? "–" : "0") : []) },
  ]);
}

function drawOutput(picture, [rows, columns], selection, { cell, written, numbers }) {
  const box = { top: 0, left: 0, bottom: rows.output, right: columns.output };
  const seen = (y, x) => !numbers?.seen || numbers.seen.has(y * columns.output + x);
  const filled = () => numbers.output.map((row, y) => row.map((value, x) => (seen(y, x) ? value : null)));
  const size = [rows.output, columns.output];
  const key = [...size, written, numbers?.seen?.size, numbers?.output];
  picture.draw(box, cell, { key, tones: () => ({ size, ground: "sw-made", blue: blank(size),
    grey: numbers && !written ? greys(filled(), [smallest(numbers.output), largest(numbers.output)], {}) : blank(size) }) }, [
    chosen(selection, "output"),
    { key, paths: () => numberPaths(numbers && written ? numberCells(filled()) : []) },
  ]);
}

function largest(values) {
  return Math.max(...values.map((row) => Math.max(...row)));
}

function smallest(values) {
  return Math.min(...values.map((row) => Math.min(...row)));
}

/** What is marked: its cells, and a line around them. */
function chosen(selection, where) {
  return { key: [JSON.stringify(selection)], paths: () => [
    { class: "sw-marked", d: marked(selection, where) }, outline(selection, where)] };
}

/** The numbers of a grid; where `unread` says so, with a halo over the hatching. */
function numberCells(values, unread = () => false) {
  return values.flatMap((row, y) => row.flatMap((value, x) =>
    (value === null ? [] : [{ x, y, words: short(value), halo: unread(y, x) }])));
}

/** `words` in each cell of the padding. */
function paddingCells({ top, left, bottom, right }, [rows, columns], words) {
  const pixel = (y, x) => y >= 0 && y < rows.size && x >= 0 && x < columns.size;
  return range(top, bottom).flatMap((y) => range(left, right).filter((x) => !pixel(y, x))
    .map((x) => ({ x, y, words })));
}

function marked({ kind, row, column, rows, columns }, where) {
  return kind === where ? cells([row], [column]) : cells(rows, columns);
}

/** A line around everything marked, whole for the window and broken for the result. */
function outline({ kind, row, column, rows, columns }, where) {
  const [ys, xs] = kind === where ? [[row], [column]] : [rows, columns];
  if (ys.length === 0 || xs.length === 0) return {};
  const [y, x] = [ys[0], xs[0]];
  return { class: `sw-outline sw-outline-${where}`, d: area(y, x, ys.at(-1) - y + 1, xs.at(-1) - x + 1) };
}

/** Whole rows and columns that no window reads. */
function stripes(rows, columns) {
  const none = (axis) => range(0, axis.size).filter((i) => axis.counts[i] === 0);
  const across = none(rows).map((y) => `M0 ${y}h${columns.size}v1h${-columns.size}z`);
  const down = none(columns).map((x) => `M${x} 0h1v${rows.size}h-1z`);
  return [...across, ...down].join("");
}

function countCells(rows, columns) {
  return numberCells(rows.counts.map((down) => columns.counts.map((across) => down * across)));
}

/** What the marks in the drawing mean. */
export function legend() {
  const key = (name, words) => h("li", {}, h("span", { class: `sw-key sw-key-${name}`,
    "aria-hidden": "true" }), words);
  const padding = h("span", {});
  const zero = h("li", {}, h("span", { class: "sw-key sw-key-zero", "aria-hidden": "true" }), padding);
  const unread = key("unread", "striped: never read");
  const reads = key("reads", "blue: how often a pixel is read. The stronger the blue, the more often; a number in the cell is the count");
  const node = h("ul", { class: "sw-legend" }, key("marked", "A, solid line: the window"),
    key("result", "C, dashed line: the number that it gives"), zero, unread, reads);
  return { node, draw: ([rows, columns], { pool, counts }) => {
    setHidden(reads, !counts);
    setText(padding, pool ? "dotted: padding, left out" : "dotted: padding, zeros");
    setHidden(unread, !unreadTotal(rows, columns));
    setHidden(zero, rows.before + rows.after + columns.before + columns.after === 0);
  } };
}
