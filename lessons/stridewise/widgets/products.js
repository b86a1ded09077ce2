/** The selected window enlarged: its products in their places, and the sum that becomes the output. */

import { h, plural, setHidden, setText } from "./dom.js";
import { short, windowNumbers } from "./numbers.js";
import { productCells, productCellsWidth } from "./product_cells.js";

const IN_ONE_LINE = 9; // products; more are added up row by row first

/** How wide the panel wants to be beside the grids, in CSS pixels. */
export function productsWidth([, columns]) {
  return Math.max(productCellsWidth(columns), 190) + 12;
}

/** @returns {{node: Element, draw: Function}} */
export function productsPanel() {
  const title = h("p", { class: "sw-heading" });
  const cells = productCells();
  const added = h("span");
  const result = h("b", { class: "sw-result-number" });
  const letter = h("span", {}, " C");
  const sum = h("p", { class: "sw-sum" }, added, result, letter);
  const node = h("div", { class: "sw-middle" }, title, h("div", { class: "sw-products-and-sum" }, cells.node, sum));
  return {
    node,
    /** `numbers` as `layerNumbers` gives them. Returns the sum in words. */
    draw(state, plans, selection, numbers) {
      const pool = state.layer !== "Conv2D";
      setText(title, pool ? "Window A" : `Window A × kernel B${channelWords(numbers)}`);
      const isPixel = selection.kind !== "output";
      cells.node.classList.toggle("sw-off", isPixel);
      [result, letter].forEach((part) => setHidden(part, isPixel));
      if (isPixel) {
        const count = selection.rows.length * selection.columns.length;
        setText(added, pixelWords(count, pool));
        return "";
      }
      const read = windowNumbers(numbers.images[numbers.channel], plans, [selection.row, selection.column]);
      const items = read.flatMap((row, i) => row.map(({ pixel, zero }, j) => ({ pixel, zero,
        weight: pool ? 1 : numbers.kernels[numbers.channel][i][j] })));
      const best = state.layer === "MaxPooling2D"
        ? Math.max(...items.filter(({ zero }) => !zero).map(({ pixel }) => pixel)) : null;
      const first = items.findIndex(({ pixel, zero }) => !zero && pixel === best); // one of several alike
      cells.draw(items.map((item, i) => written(item, { pool, best: i === first })), state.kernel_size[1]);
      const number = numbers.output[selection.row][selection.column];
      const words = pool ? poolWords(state.layer, items, number)
        : sumWords(read, numbers, { plans, selection, channels: state.channels });
      setText(added, `${words} = `);
      setText(result, short(number));
      return `${words} = ${short(number)}.`;
    },
  };
}

function channelWords({ images, channel }) {
  return images.length > 1 ? `, channel ${channel}` : "";
}

function pixelWords(count, pool) {
  if (count === 0) return "This pixel is never read.";
  const part = pool ? "is read for" : "takes part in";
  return `This pixel ${part} ${plural(count, "output number")}: a dashed line is around them.`;
}

/** What is written in the cell of a product. */
function written({ pixel, zero, weight }, { pool, best }) {
  if (pool) return { zero, best, factors: best ? "max" : "", product: zero ? "–" : short(pixel) };
  return { zero, best: false, factors: `${short(pixel)}·${short(weight)}`, product: short(pixel * weight) };
}

/** "max(0, 9, 9)", "(0 + 9 + 9) ÷ 3"; the padding is left out. */
function poolWords(layer, items, result) {
  const pixels = items.filter(({ zero }) => !zero).map(({ pixel }) => short(pixel));
  if (layer === "MaxPooling2D") {
    return pixels.length > IN_ONE_LINE ? `largest of ${pixels.length} pixels` : `max(${pixels.join(", ")})`;
  }
  const sum = pixels.length > IN_ONE_LINE ? short(result * pixels.length) : `(${pixels.join(" + ")})`;
  return `${sum} ÷ ${pixels.length}`;
}

/** The products added up, or with several channels their sums; then the bias. */
function sumWords(read, { images, kernels, bias }, { plans, selection, channels }) {
  const cell = [selection.row, selection.column];
  const sums = images.length > 1
    ? images.map((image, channel) => total(productRows(windowNumbers(image, plans, cell), kernels[channel])))
    : null;
  const rows = productRows(read, kernels[0]);
  const terms = sums ?? (rows.flat().length <= IN_ONE_LINE ? rows.flat() : rows.map((row) => total([row])));
  const added = terms.map((term, i) => termWords(term, i)).join(" + ");
  const drawn = channels > images.length ? `${images.length} of the ${channels} channels ` : "channels ";
  const of = sums ? drawn : terms.length === rows.length && rows.length > 1 ? "rows " : "";
  return `${of}${added}${bias || sums ? ` + bias ${termWords(bias, 1)}` : ""}`;
}

/** A negative number that is added is written in brackets. */
function termWords(term, i) {
  return term < 0 && i > 0 ? `(${short(term)})` : short(term);
}

function productRows(read, kernel) {
  return read.map((row, i) => row.map(({ pixel }, j) => pixel * kernel[i][j]));
}

function total(rows) {
  return rows.flat().reduce((sum, product) => sum + product, 0);
}
