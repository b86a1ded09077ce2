/** Feature maps as pictures, each number one pixel, and where zeros of the padding took part. */

import { h, plural, s } from "./dom.js";
import { cellCursor, cells, under } from "./grid.js";
import { numbered } from "./words.js";

const GALLERY_COLUMNS = 8;
export const BRIGHTEST = 255;

/** The numbers of a layer's maps, row by row, filter by filter within a place. */
export function mapNumbers(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** One filter's map: its numbers, the smallest and the largest. */
export function oneMap(numbers, [rows, columns, filters], filter) {
  const own = new Float32Array(rows * columns).map((_, i) => numbers[i * filters + filter]);
  return { own, low: Math.min(...own), high: Math.max(...own) };
}

/** How many places of a map depend on zeros of the padding. */
export function paddedCount([rows, columns]) {
  const free = (axis) => axis.filter((seen) => !seen).length;
  return rows.length * columns.length - free(rows) * free(columns);
}

/** The edge between the places that depend on zeros and those that do not, and the outer edge. */
export function paddedOutline([rows, columns]) {
  if (![...rows, ...columns].includes(true)) return "";
  const box = (top, left, bottom, right) => `M${left} ${top}H${right}V${bottom}H${left}z`;
  const outer = box(0, 0, rows.length, columns.length);
  if (!rows.includes(false) || !columns.includes(false)) return outer;
  return outer + box(rows.indexOf(false), columns.indexOf(false),
    rows.lastIndexOf(false) + 1, columns.lastIndexOf(false) + 1);
}

/** Put grey values into a canvas, black to white from `low` to `high`. */
function paintGrey(canvas, rows, columns, greyAt) {
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i += 1) {
    image.data.fill(greyAt(i), 4 * i, 4 * i + 3);
    image.data[4 * i + 3] = BRIGHTEST;
  }
  context.putImageData(image, 0, 0);
}

/** The picture that the networks get. */
export function paintPicture(canvas, pixels) {
  const side = Math.sqrt(pixels.length);
  paintGrey(canvas, side, side, (i) => pixels[i]);
}

function greyOf(value, low, high) {
  return high > low ? Math.round((BRIGHTEST * (value - low)) / (high - low)) : 0;
}

/** A number with three digits that tell something: 0.0312, 1.53, 12.4. */
export function shortNumber(value) {
  return String(Number(value.toPrecision(3)));
}

/** The number of a map at a place. */
export function numberAt({ shape: [, columns, filters] }, numbers, filter, [row, column]) {
  return numbers[(row * columns + column) * filters + filter];
}

/** What a number of a map is, and which pixels of the picture it depends on. */
export function numberWords(name, map, numbers, filter, [row, column]) {
  const { padded, reads } = map;
  const value = shortNumber(numberAt(map, numbers, filter, [row, column])).replace("-", "−");
  const [rows, columns] = [reads[0][row], reads[1][column]];
  const zeros = padded[0][row] || padded[1][column];
  const pixels = rows.length && columns.length
    ? `${numbered("row", rows)} and ${numbered("column", columns)} of the picture` : "no pixel of the picture";
  return `${name}, filter ${filter}: the number at row ${row}, column ${column} is ${value}. ` +
    `It depends on ${pixels}${zeros ? ", and on zeros of the padding" : ""}.`;
}

/** The picture at the scale of the maps, with the pixels that a number of a map depends on. */
export function pixelsFigure() {
  const canvas = h("canvas", { class: "sw-map-picture", role: "img", "aria-label": "The picture, at the scale of the maps" });
  const outline = s("svg", { class: "sw-map-outline", "aria-hidden": "true", preserveAspectRatio: "none" });
  const node = h("figure", { class: "sw-map-figure" }, h("div", { class: "sw-map-frame" }, canvas, outline),
    h("figcaption", {}, h("strong", {}, "the picture"), h("span", {}, "solid line: the pixels that the marked number depends on")));
  return {
    node,
    /** `reads` are rows and columns, or null while no number is chosen. */
    draw(pixels, reads) {
      paintPicture(canvas, pixels);
      node.style.setProperty("--w", canvas.width);
      outline.setAttribute("viewBox", `0 0 ${canvas.width} ${canvas.height}`);
      outline.replaceChildren(...marks(reads ? around(...reads) : ""));
    },
  };
}

/** A line around the cells of these rows and columns; where some are skipped, around each. */
function around(rows, columns) {
  if (rows.length === 0 || columns.length === 0) return "";
  const whole = (indices) => indices.at(-1) - indices[0] + 1 === indices.length;
  if (!whole(rows) || !whole(columns)) return cells(rows, columns);
  return `M${columns[0]} ${rows[0]}h${columns.length}v${rows.length}h${-columns.length}z`;
}

/** A line that can be seen on black and on white. */
function marks(path) {
  return path ? [s("path", { class: "sw-mark-under", d: path }), s("path", { class: "sw-mark-over", d: path })] : [];
}

/**
 * A network's map of one filter, with the places that depend on zeros outlined. `onPoint(row, column)`
 * is called when a number is pointed at, or walked to with the arrow keys.
 */
export function mapFigure(name, onPoint) {
  const canvas = h("canvas", { class: "sw-map-picture", role: "img" });
  let box = { top: 0, left: 0, bottom: 1, right: 1 };
  const cursor = cellCursor({ edges: () => box, onPoint, gutter: 0 });
  canvas.addEventListener("pointermove", (event) => onPoint(...under(event, canvas, box)));
  canvas.addEventListener("click", (event) => onPoint(...under(event, canvas, box))); // a finger only taps
  const outline = s("svg", { class: "sw-map-outline", "aria-hidden": "true", preserveAspectRatio: "none" });
  const sizes = h("span", {});
  const range = h("span", {});
  const zeros = h("span", {});
  const node = h("figure", { class: "sw-map-figure" },
    h("div", { class: "sw-map-frame" }, canvas, outline, cursor.node),
    h("figcaption", {}, h("strong", {}, name), sizes, range, zeros));
  return {
    node,
    /** `place` is the row and column of the marked number; null where none is marked in this map. */
    draw({ shape, padded }, numbers, filter, { outlined, place }) {
      const [rows, columns] = shape;
      const { own, low, high } = oneMap(numbers, shape, filter);
      paintGrey(canvas, rows, columns, (i) => greyOf(own[i], low, high));
      node.style.setProperty("--w", columns);
      node.style.setProperty("--h", rows);
      outline.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
      const path = outlined ? paddedOutline(padded) : "";
      outline.replaceChildren(...(path
        ? [s("path", { class: "sw-outline-under", d: path }), s("path", { class: "sw-outline-over", d: path })] : []),
      ...marks(place ? cells([place[0]], [place[1]]) : ""));
      box = { top: 0, left: 0, bottom: rows, right: columns };
      cursor.point(...(place ?? [0, 0]), `${name}, a number of the map: move with the arrow keys`, null);
      const count = paddedCount(padded);
      sizes.textContent = `${rows} × ${columns}`;
      range.textContent = high > low ? `from ${shortNumber(low)} to ${shortNumber(high)}` : `all ${shortNumber(low)}`;
      zeros.textContent = `${count} of ${rows * columns} depend on zeros`;
      canvas.setAttribute("aria-label", `${name}, filter ${filter}: ${rows} by ${columns} numbers, ` +
        `${range.textContent}; ${plural(count, "number")} depend on zeros of the padding`);
    },
  };
}

/** All maps of a layer, small, each on its own scale; a click chooses a filter. */
export function gallery(name, choose) {
  const canvas = h("canvas", { class: "sw-gallery-picture", role: "img" });
  const node = h("figure", { class: "sw-map-figure" }, canvas, h("figcaption", {}, h("strong", {}, name)));
  let size = [1, 1, 1];
  canvas.addEventListener("click", (event) => {
    const frame = canvas.getBoundingClientRect();
    const across = Math.min(GALLERY_COLUMNS, size[2]);
    const column = Math.floor(((event.clientX - frame.left) / frame.width) * across);
    const row = Math.floor(((event.clientY - frame.top) / frame.height) * Math.ceil(size[2] / across));
    choose(Math.min(row * GALLERY_COLUMNS + column, size[2] - 1));
  });
  return {
    node,
    draw({ shape }, numbers) {
      size = shape;
      const [rows, columns, filters] = shape;
      const across = Math.min(GALLERY_COLUMNS, filters);
      const [wide, high] = [columns + 1, rows + 1]; // a line of grey between two maps
      const maps = Array.from({ length: filters }, (_, filter) => oneMap(numbers, shape, filter));
      const width = across * wide;
      paintGrey(canvas, Math.ceil(filters / across) * high, width, (i) => {
        const [y, x] = [Math.floor(i / width), i % width];
        const map = maps[Math.floor(y / high) * across + Math.floor(x / wide)];
        if (!map || y % high === rows || x % wide === columns) return BRIGHTEST / 2;
        return greyOf(map.own[(y % high) * columns + (x % wide)], map.low, map.high);
      });
      node.style.setProperty("--w", width);
      canvas.setAttribute("aria-label", `${name}: the maps of all ${filters} filters, ${rows} by ${columns} each`);
    },
  };
}
