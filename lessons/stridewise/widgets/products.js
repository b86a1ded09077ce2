/** The selected window enlarged: its products in their places, and the sum that becomes the output. */

import { h, plural, setText } from "./dom.js";
import { short, windowNumbers } from "./numbers.js";

const ROOMY = 5; // a kernel wider than this shows products alone
const IN_ONE_LINE = 9; // products; more are added up row by row first

/** How wide the panel wants to be beside the grids, in CSS pixels. */
export function productsWidth([, columns]) {
  return Math.max(columns * (columns <= ROOMY ? 54 : 32), 190) + 12;
}

/** @returns {{node: Element, draw: Function}} */
export function productsPanel() {
  const title = h("p", { class: "sw-heading" });
  const grid = h("div", { class: "sw-products", "aria-hidden": "true" });
  const sum = h("p", { class: "sw-sum" });
  const node = h("div", { class: "sw-middle" }, title, h("div", { class: "sw-products-and-sum" }, grid, sum));
  const cells = [];
  // Cells are kept from one kernel to the next: new ones cost a browser much more.
  const fit = (count) => {
    while (cells.length > count) cells.pop().box.remove();
    while (cells.length < count) {
      const [factors, product] = [h("small", {}), h("b", {})];
      cells.push({ box: h("span", {}, factors, product), factors, product });
      grid.append(cells.at(-1).box);
    }
  };
  return {
    node,
    /** `numbers` as `layerNumbers` gives them. Returns the sum in words. */
    draw(state, plans, selection, numbers) {
      const [height, width] = state.kernel_size;
      fit(height * width);
      grid.style.setProperty("--kernel", width);
      grid.classList.toggle("sw-tight", width > ROOMY);
      const pool = state.layer !== "Conv2D";
      setText(title, pool ? "Window A" : `Window A × kernel B${channelWords(numbers)}`);
      grid.hidden = selection.kind !== "output";
      if (grid.hidden) {
        const count = selection.rows.length * selection.columns.length;
        setText(sum, pixelWords(count, pool));
        return "";
      }
      const read = windowNumbers(numbers.images[numbers.channel], plans, [selection.row, selection.column]);
      const items = read.flatMap((row, i) => row.map(({ pixel, zero }, j) => ({ pixel, zero,
        weight: pool ? 1 : numbers.kernels[numbers.channel][i][j] })));
      const best = state.layer === "MaxPooling2D"
        ? Math.max(...items.filter(({ zero }) => !zero).map(({ pixel }) => pixel)) : null;
      const first = items.findIndex(({ pixel, zero }) => !zero && pixel === best); // one of several alike
      items.forEach((item, i) => fill(cells[i], item, { pool, best: i === first }));
      const result = numbers.output[selection.row][selection.column];
      const words = pool ? poolWords(state.layer, items, result)
        : sumWords(read, numbers, { plans, selection, channels: state.channels });
      sum.replaceChildren(`${words} = `, h("b", { class: "sw-result-number" }, short(result)), " C");
      return `${words} = ${short(result)}.`;
    },
  };
}

function channelWords({ images, channel }) {
  return images.length > 1 ? `, channel ${channel}` : "";
}

function pixelWords(count, pool) {
  if (count === 0) return "This pixel is never read.";
  const part = pool ? "is read for" : "takes part in";
  return `This pixel ${part} ${plural(count, "output number")}: the broken line is around them.`;
}

function fill({ box, factors, product }, { pixel, zero, weight }, { pool, best }) {
  const look = `${zero ? "sw-of-zero" : ""}${best ? " sw-best" : ""}`;
  if (box.className !== look) box.className = look;
  setText(factors, pool ? (best ? "max" : "") : `${short(pixel)}·${short(weight)}`);
  setText(product, pool ? (zero ? "–" : short(pixel)) : short(pixel * weight));
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
