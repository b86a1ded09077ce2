/**
 * A grid of cells as a few SVG paths, so that 32 x 32 costs no more to draw than 5 x 5.
 * One cell is one unit of the drawing, and coordinates are the input's: zeros before are negative.
 */

import { button, freshId, h, minus, s } from "./dom.js";
import { keptPaths } from "./kept_paths.js";
import { numeralPath } from "./numerals.js";
import { range } from "./shapes.js";
import { toneLayer } from "./tones.js";

const CELL = "h1v1h-1z";
export const GUTTER = 0.9; // space for the indices above and to the left, in cells

/** A path over every cell in `rows` x `columns`. */
export function cells(rows, columns) {
  return rows.map((y) => columns.map((x) => `M${x} ${y}${CELL}`).join("")).join("");
}

/** The lines of a grid, edges included. */
function lines(top, left, bottom, right) {
  const across = range(top, bottom + 1).map((y) => `M${left} ${y}H${right}`);
  const down = range(left, right + 1).map((x) => `M${x} ${top}V${bottom}`);
  return [...across, ...down].join("");
}

/**
 * Hatching for unread pixels, which needs no colour; and dots for zeros. They have a drawing of their
 * own: in that of the grid, a browser would lay them out again with every change of its size.
 */
function patterns({ hatch, dots }) {
  const size = { width: 0.4, height: 0.4, patternUnits: "userSpaceOnUse" };
  const turned = { ...size, patternTransform: "rotate(45)" };
  const middle = { width: 1, height: 1, patternUnits: "userSpaceOnUse" };
  return s("svg", { class: "sw-patterns", width: 0, height: 0, "aria-hidden": "true" },
    s("pattern", { id: hatch, ...turned },
      s("rect", { width: 0.4, height: 0.4, class: "sw-unread-ground" }),
      s("rect", { width: 0.16, height: 0.4, class: "sw-unread-line" })),
    s("pattern", { id: dots, ...middle },
      s("rect", { width: 1, height: 1, class: "sw-zero-ground" }),
      [0.14, 0.86].flatMap((cy) => [0.14, 0.86].map((cx) =>
        s("circle", { cx, cy, r: 0.08, class: "sw-zero-dot" })))));
}

/**
 * A grid with a keyboard cursor over it, and the index of each row and column on its edges.
 * @param {{name: string, patterned?: boolean, onPoint: Function, onLeave: Function, onPin: Function,
 *   onKey?: Function}} options `patterned` where a path may have the `fill` "hatch" or "dots";
 *   `onPoint(row, column, how)` when a cell is under the "pointer" or under a "finger" that moves, or is
 *   "chosen": walked to by keys, or where the finger was lifted;
 *   `onKey(key, row, column)` when another key is pressed there
 */
export function grid({ name, patterned = false, onPoint, onLeave, onPin, onKey = () => {} }) {
  const ids = { hatch: freshId("hatch"), dots: freshId("dots") };
  let box = { top: 0, left: 0, bottom: 1, right: 1 };
  let parts = [];
  let groundKey = [];
  const tones = toneLayer();
  const drawing = s("svg", { class: `sw-grid sw-${name}`, "aria-hidden": "true" }, tones.paths);
  const cursor = cellCursor({ edges: () => box, onPoint, onPin, onKey });
  const node = h("div", { class: "sw-frame" }, patterned && patterns(ids), tones.picture, drawing, cursor.node);
  const cellOf = (event) => under(event, drawing, box, GUTTER);
  let tapped = ""; // the cell where a finger came down, until it is drawn over another
  drawing.addEventListener("pointerdown", (event) => { tapped = String(cellOf(event)); });
  drawing.addEventListener("pointermove", (event) => {
    const finger = event.pointerType === "touch";
    const cell = cellOf(event);
    if (finger && String(cell) === tapped) return;
    tapped = "";
    onPoint(...cell, finger ? "finger" : "pointer");
  });
  // Not after a finger that scrolls the page: then the browser cancels the pointer.
  drawing.addEventListener("pointerup", (event) => {
    if (event.pointerType === "touch" && tapped === "") onPoint(...cellOf(event), "chosen");
  });
  drawing.addEventListener("pointerleave", () => onLeave());
  drawing.addEventListener("click", (event) => onPin(...cellOf(event)));
  const filled = ({ fill, ...rest }) => (fill ? { ...rest, fill: `url(#${ids[fill]})` } : rest);
  return {
    node,
    point: cursor.point,
    stop: tones.stop,
    /**
     * Draw what is inside `around`, each cell `side` CSS pixels wide. `ground` is `{key, tones}`, a
     * function that gives the layer of tones its own. Of `wanted`, lowest first, each is `{key, paths}`:
     * a function that gives the attributes of its paths. They are drawn again only where a value of
     * the list `key` is another.
     */
    draw(around, side, ground, wanted) {
      box = around;
      const size = [box.left - GUTTER, box.top - GUTTER, box.right - box.left + GUTTER,
        box.bottom - box.top + GUTTER];
      const edges = { key: size, paths: () => [
        { d: lines(box.top, box.left, box.bottom, box.right), class: "sw-lines" }, ...indices(box)] };
      if (parts.length === 0) {
        const groups = [...wanted, edges].map(() => s("g"));
        parts = groups.map((group) => ({ key: [], draw: keptPaths(group) }));
        drawing.append(...groups);
      }
      node.style.width = `${size[2] * side}px`;
      if (!alike(edges.key, parts.at(-1).key)) drawing.setAttribute("viewBox", size.join(" "));
      if (!alike(ground.key, groundKey)) {
        const { size: [height, width] } = tones.draw(ground.tones());
        lay(tones.picture, box, [0, 0, height, width]);
      }
      groundKey = ground.key;
      [...wanted, edges].forEach(({ key, paths }, i) => {
        if (alike(parts[i].key, key)) return;
        parts[i].key = key;
        parts[i].draw(paths().map(filled));
      });
    },
  };
}

/** Put `node` over cells of a drawing of those in `box`: `place` is the first row and column, and how many of each. */
function lay(node, box, [row, column, height, width], gutter = GUTTER) {
  const whole = [box.right - box.left + gutter, box.bottom - box.top + gutter];
  Object.assign(node.style, {
    left: `${((column - box.left + gutter) / whole[0]) * 100}%`,
    top: `${((row - box.top + gutter) / whole[1]) * 100}%`,
    width: `${(width / whole[0]) * 100}%`,
    height: `${(height / whole[1]) * 100}%`,
  });
}

function alike(some, others) {
  return some.length === others.length && some.every((one, i) => one === others[i]);
}

/** The numbers of the columns and of the rows; in a large grid every fourth. */
function indices({ top, left, bottom, right }) {
  const sparse = Math.max(bottom - top, right - left) > 20;
  const every = sparse ? 4 : 1;
  const size = sparse ? 0.75 : 0.44;
  const shown = (from, to) => range(from, to).filter((index) => index % every === 0);
  const columns = shown(left, right).map((x) => ({ words: minus(x), x: x + 0.5, y: top - 0.3 }));
  const rows = shown(top, bottom).map((y) => ({ words: minus(y), x: left - GUTTER / 2, y: y + 0.68 }));
  return [columns, rows].map((all) => // one path for both would be painted over the whole grid
    ({ class: "sw-numeral sw-index", "stroke-width": size / 8, d: numeralPath(all, size) }));
}

/** The cell under the pointer: row, column. */
export function under(event, drawing, box, gutter = 0) {
  const frame = drawing.getBoundingClientRect();
  const x = (event.clientX - frame.left) / frame.width;
  const y = (event.clientY - frame.top) / frame.height;
  const row = Math.floor(box.top - gutter + y * (box.bottom - box.top + gutter));
  const column = Math.floor(box.left - gutter + x * (box.right - box.left + gutter));
  return [clamp(row, box.top, box.bottom - 1), clamp(column, box.left, box.right - 1)];
}

/**
 * A button over one cell: arrow keys walk it, Enter pins. `edges` gives the cells that there are;
 * `gutter` is the space above them and to their left, in cells.
 */
export function cellCursor({ edges, onPoint, onPin = () => {}, onKey = () => {}, gutter = GUTTER }) {
  let place = { row: 0, column: 0 };
  const node = button("", () => onPin(place.row, place.column),
    { class: "sw-cursor", "aria-roledescription": "cell" });
  node.addEventListener("focus", () => onPoint(place.row, place.column, "chosen"));
  node.addEventListener("keydown", (event) => {
    const next = walked(event.key, place, edges());
    if (!next) return onKey(event.key, place.row, place.column);
    event.preventDefault();
    event.stopPropagation();
    return onPoint(next.row, next.column, "chosen");
  });
  return {
    node,
    /** Put the cursor on a cell, with words for it; `pinned` is null where nothing can be pinned. */
    point(row, column, words, pinned) {
      const box = edges();
      place = { row: clamp(row, box.top, box.bottom - 1),
        column: clamp(column, box.left, box.right - 1) };
      lay(node, box, [place.row, place.column, 1, 1], gutter);
      node.setAttribute("aria-label", words);
      if (pinned !== null) node.setAttribute("aria-pressed", String(pinned));
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
