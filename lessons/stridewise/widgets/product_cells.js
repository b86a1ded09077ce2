/** The products of a window in their places, as a few paths: a cell in CSS pixels, 11 x 11 of them at most. */

import { s } from "./dom.js";
import { keptPaths } from "./kept_paths.js";
import { numeralPath } from "./numerals.js";

const ROOMY = 5; // a kernel wider than this shows products alone
const LARGE = { wide: 54, high: 36, size: 15, baseline: 29 };
const SMALL = { wide: 32, high: 20, size: 12, baseline: 14.5 };
const FACTORS = { size: 11, baseline: 12.5 };
const SIGN_WIDTH = 0.53; // of a sign, for a size of 1
const [BORDER, DOTS] = [1.5, 8];

/** How wide `columns` products are. */
export function productCellsWidth(columns) {
  return columns * cellOf(columns).wide;
}

function cellOf(columns) {
  return columns <= ROOMY ? LARGE : SMALL;
}

/** @returns {{node: Element, draw: Function}} */
export function productCells() {
  const group = s("g");
  const node = s("svg", { class: "sw-products", "aria-hidden": "true" }, group);
  const drawPaths = keptPaths(group);
  return {
    node,
    /** Each of `items` is `{factors, product, zero, best}`: two texts, and how its cell is marked. */
    draw(items, columns) {
      const cell = cellOf(columns);
      const [width, height] = [columns * cell.wide, (items.length / columns) * cell.high];
      node.setAttribute("viewBox", `${-BORDER} ${-BORDER} ${width + 2 * BORDER} ${height + 2 * BORDER}`);
      node.style.width = `${width + 2 * BORDER}px`;
      const placed = items.map((item, i) => ({ ...item,
        x: (i % columns) * cell.wide, y: Math.floor(i / columns) * cell.high }));
      const of = (wanted, path) => placed.filter(wanted).map((item) => path(item, cell)).join("");
      drawPaths([
        { class: "sw-product-cell", d: of(({ zero }) => !zero, box) },
        { class: "sw-zero-ground", d: of(({ zero }) => zero, box) },
        { class: "sw-product-dots", d: of(({ zero }) => zero, dottedCell) },
        { class: "sw-product-lines", d: of(() => true, box) },
        { class: "sw-product-best", d: of(({ best }) => best, (item) => box(item, cell, 1.5)) },
        { class: "sw-product-frame", d: box({ x: 0, y: 0 }, { wide: width, high: height }) },
        { class: "sw-product-behind", d: of(({ zero }) => zero, behindWords) },
        ...numerals(placed, cell),
      ]);
    },
  };
}

function box({ x, y }, { wide, high }, inside = 0) {
  const [width, height] = [wide - 2 * inside, high - 2 * inside];
  return `M${x + inside} ${y + inside}h${width}v${height}h${-width}z`;
}

function dottedCell({ x, y }, { wide, high }) {
  let found = "";
  for (let down = DOTS / 2; down < high; down += DOTS) {
    for (let across = DOTS / 2; across < wide; across += DOTS) found += `M${x + across} ${y + down}h.01`;
  }
  return found;
}

/** No dots behind the words: one beside a minus sign would make another sign of it. */
function behindWords({ x, y, factors, product }, cell) {
  const around = (words, { size, baseline }) => {
    const wide = words.length && words.length * SIGN_WIDTH * fitting(words, size, cell.wide - 4) + 4;
    return box({ x: x + (cell.wide - wide) / 2, y: y + baseline - 0.75 * size - 2 }, { wide, high: 0.75 * size + 4 });
  };
  return (cell === LARGE ? around(factors, FACTORS) : "") + around(product, cell);
}

/** A path for each size of numeral: products, and in a large cell their factors above them. */
function numerals(items, cell) {
  const written = (kind, { wide }, { size, baseline }) => {
    const sizes = new Set(items.map((item) => fitting(item[kind], size, wide - 4)));
    return [...sizes].map((letters) => ({ class: `sw-numeral sw-${kind}`,
      "stroke-width": letters / (kind === "product" ? 8 : 11),
      d: numeralPath(items.filter((item) => fitting(item[kind], size, wide - 4) === letters)
        .map((item) => ({ words: item[kind], x: item.x + wide / 2, y: item.y + baseline })), letters) }));
  };
  return [...(cell === LARGE ? written("factors", cell, FACTORS) : []), ...written("product", cell, cell)];
}

/** The size that `words` have, `most` at most, so that they are within `room`; in half pixels. */
function fitting(words, most, room) {
  return Math.min(most, Math.floor((2 * room) / (SIGN_WIDTH * words.length)) / 2);
}
