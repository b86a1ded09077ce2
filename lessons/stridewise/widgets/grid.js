/**
 * A grid of cells as a few SVG paths, so that 32 x 32 costs no more to draw than 5 x 5.
 * One cell is one unit of the drawing, and coordinates are the input's: zeros before are negative.
 */

import { button, freshId, h, s } from "./dom.js";

const CELL = "h1v1h-1z";

/** A path over every cell in `rows` x `columns`. */
export function cells(rows, columns) {
  return rows.map((y) => columns.map((x) => `M${x} ${y}${CELL}`).join("")).join("");
}

export function range(from, to) {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** The lines of a grid, edges included. */
function lines(top, left, bottom, right) {
  const across = range(top, bottom + 1).map((y) => `M${left} ${y}H${right}`);
  const down = range(left, right + 1).map((x) => `M${x} ${top}V${bottom}`);
  return [...across, ...down].join("");
}

/** Hatching, so that unread pixels are told apart without colour; and dots for zeros. */
function patterns(hatch, dots) {
  const size = { width: 0.4, height: 0.4, patternUnits: "userSpaceOnUse" };
  const turned = { ...size, patternTransform: "rotate(45)" };
  const middle = { width: 1, height: 1, patternUnits: "userSpaceOnUse" };
  return s("defs", {},
    s("pattern", { id: hatch, ...turned },
      s("rect", { width: 0.4, height: 0.4, class: "sw-unread-ground" }),
      s("rect", { width: 0.16, height: 0.4, class: "sw-unread-line" })),
    s("pattern", { id: dots, ...middle },
      s("rect", { width: 1, height: 1, class: "sw-zero-ground" }),
      s("circle", { cx: 0.5, cy: 0.5, r: 0.16, class: "sw-zero-dot" })));
}

/**
 * A grid with a keyboard cursor over it.
 * @param {{name: string, onPoint: Function, onLeave: Function, onPin: Function}} options
 *   `onPoint(row, column, keys)` when a cell is pointed at, or walked to by `keys`
 */
export function grid({ name, onPoint, onLeave, onPin }) {
  const ids = { hatch: freshId("hatch"), dots: freshId("dots") };
  let box = { top: 0, left: 0, bottom: 1, right: 1 };
  const drawing = s("svg", { class: `sw-grid sw-${name}`, "aria-hidden": "true" });
  const cursor = cellCursor({ edges: () => box, onPoint, onPin });
  const node = h("div", { class: "sw-frame" }, drawing, cursor.node);
  drawing.addEventListener("pointermove", (event) => onPoint(...under(event, drawing, box), false));
  drawing.addEventListener("pointerleave", () => onLeave());
  drawing.addEventListener("click", (event) => onPin(...under(event, drawing, box)));
  return {
    node,
    point: cursor.point,
    /** Draw `layers` (attributes of paths, lowest first) inside `around`. */
    draw(around, layers, { under: ground = [], over = [] } = {}) {
      box = around;
      const [width, height] = [box.right - box.left, box.bottom - box.top];
      drawing.setAttribute("viewBox", `${box.left} ${box.top} ${width} ${height}`);
      node.style.setProperty("--columns", width);
      drawing.replaceChildren(
        patterns(ids.hatch, ids.dots),
        ...ground,
        ...layers.filter((layer) => layer.d).map(({ fill, ...rest }) =>
          s("path", fill ? { ...rest, fill: `url(#${ids[fill]})` } : rest)),
        s("path", { d: lines(box.top, box.left, box.bottom, box.right), class: "sw-lines" }),
        ...over,
      );
    },
  };
}

/** The cell under the pointer: row, column. */
function under(event, drawing, box) {
  const frame = drawing.getBoundingClientRect();
  const x = (event.clientX - frame.left) / frame.width;
  const y = (event.clientY - frame.top) / frame.height;
  const row = Math.floor(box.top + y * (box.bottom - box.top));
  const column = Math.floor(box.left + x * (box.right - box.left));
  return [clamp(row, box.top, box.bottom - 1), clamp(column, box.left, box.right - 1)];
}

/** A button over one cell: arrow keys walk it, Enter pins. */
function cellCursor({ edges, onPoint, onPin }) {
  let place = { row: 0, column: 0 };
  const node = button("", () => onPin(place.row, place.column),
    { class: "sw-cursor", "aria-roledescription": "cell" });
  node.addEventListener("focus", () => onPoint(place.row, place.column, true));
  node.addEventListener("keydown", (event) => {
    const next = walked(event.key, place, edges());
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    onPoint(next.row, next.column, true);
  });
  return {
    node,
    /** Put the cursor on a cell, with words for it. */
    point(row, column, words, pinned) {
      const box = edges();
      const [width, height] = [box.right - box.left, box.bottom - box.top];
      place = { row: clamp(row, box.top, box.bottom - 1),
        column: clamp(column, box.left, box.right - 1) };
      Object.assign(node.style, {
        left: `${((place.column - box.left) / width) * 100}%`,
        top: `${((place.row - box.top) / height) * 100}%`,
        width: `${100 / width}%`,
        height: `${100 / height}%`,
      });
      node.setAttribute("aria-label", words);
      node.setAttribute("aria-pressed", String(pinned));
    },
  };
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

function walked(key, { row, column }, box) {
  const moves = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: [row, box.left], End: [row, box.right - 1],
    PageUp: [box.top, column], PageDown: [box.bottom - 1, column],
  };
  if (!(key in moves)) return null;
  const [y, x] = moves[key];
  return { row: clamp(y, box.top, box.bottom - 1), column: clamp(x, box.left, box.right - 1) };
}
