/** The layer in words: its formula with the present numbers in it, its Keras line, its result. */

import { minus, plural, thousands } from "./dom.js";
import { symmetricPadding, windowWidth } from "./shapes.js";

/** A pair as Keras takes it: one number where both axes agree. */
export function pair([height, width]) {
  return height === width ? String(height) : `(${height}, ${width})`;
}

/** The line of Keras that gives just this layer. */
export function kerasLine({ filters, kernel_size, strides, padding, dilation_rate }) {
  const gaps = dilation_rate.some((rate) => rate > 1)
    ? `, dilation_rate=${pair(dilation_rate)}`
    : "";
  return (
    `keras.layers.Conv2D(${filters}, kernel_size=${pair(kernel_size)}, ` +
    `strides=${pair(strides)}, padding="${padding}"${gaps})`
  );
}

/** The line of Keras for a pooling layer. */
export function poolLine({ layer, kernel_size, strides, padding }) {
  return `keras.layers.${layer}(pool_size=${pair(kernel_size)}, strides=${pair(strides)}, padding="${padding}")`;
}

/** The line of PyTorch whose padding is shown beside Keras's. */
export function torchLine({ channels, filters, kernel_size, strides, dilation_rate }, plans) {
  const zeros = pair(plans.map(symmetricPadding));
  const gaps = dilation_rate.some((rate) => rate > 1) ? `, dilation=${pair(dilation_rate)}` : "";
  return (
    `torch.nn.Conv2d(${channels}, ${filters}, kernel_size=${pair(kernel_size)}, ` +
    `stride=${pair(strides)}, padding=${zeros}${gaps})`
  );
}

/** Weights of all kernels, and a bias for each filter. */
export function convolutionParameters({ kernel_size: [height, width], channels, filters }) {
  return (height * width * channels + 1) * filters;
}

export function parameterLine(layer) {
  const [height, width] = layer.kernel_size;
  const total = thousands(convolutionParameters(layer));
  return `(${height} · ${width} · ${layer.channels} + 1) · ${layer.filters} = ${total} parameters`;
}

/** 8.5 as "8.5", 20/3 as "6.67", 9 as "9". */
function decimal(number) {
  return String(Math.round(number * 100) / 100);
}

/**
 * The working for one axis, line by line; a floor is shown as a floor.
 * @param {string} added what padding adds: "zeros" for a convolution, "padding" for pooling
 * @returns {string[][]} pairs of what is worked out and the working
 */
export function working(axis, added = "zeros") {
  const { size, kernel_size, strides, padding, dilation_rate, before, after, output } = axis;
  const reach = windowWidth(axis);
  const lines = [];
  if (dilation_rate > 1) {
    lines.push(["reach", `(${kernel_size} − 1) · ${dilation_rate} + 1 = ${reach} pixels`]);
  }
  if (padding === "same") {
    const wanted = `⌈${size} / ${strides}⌉ = ⌈${decimal(size / strides)}⌉ = ${output}`;
    const zeros = (output - 1) * strides + reach - size;
    const short = zeros < 0 ? `${minus(zeros)}, so 0` : String(zeros);
    lines.push(["“same” gives", wanted]);
    lines.push([added, `(${output} − 1) · ${strides} + ${reach} − ${size} = ${short}`]);
    lines.push(["split in two", `⌊${before + after} / 2⌋ = ${before} before, ${after} after`]);
  }
  const room = size + before + after - reach;
  const inside = padding === "same" ? `${size} + ${before} + ${after}` : `${size}`;
  const steps = `⌊(${inside} − ${reach}) / ${strides}⌋ + 1`;
  const floor = `⌊${decimal(room / strides)}⌋ + 1 = ${output - 1} + 1`;
  lines.push(["output", `${steps} = ${floor} = ${output}`]);
  return lines;
}

/** The number line in words: steps, plus the first position. */
export function stepsLine({ starts, strides, output, leftOver }) {
  const first = `first window at ${minus(starts[0])}`;
  const steps = `then ${plural(output - 1, "step")} of ${strides}`;
  const rest = leftOver > 0 ? `; ${plural(leftOver, "pixel")} left over at the end` : "";
  return `${first}, ${steps}: ${output - 1} + 1 = ${plural(output, "window")}${rest}`;
}

/** What the layer does now, in sentences that need no picture. The padding of pooling is no zeros. */
export function resultSentences([rows, columns], pool = false) {
  const same = rows.before === columns.before && rows.after === columns.after;
  const padding = same
    ? `${rows.before} before and ${rows.after} after on each axis`
    : `${rows.before} above and ${rows.after} below, ` +
      `${columns.before} left and ${columns.after} right`;
  const none = rows.before + rows.after + columns.before + columns.after === 0;
  const unread = unreadTotal(rows, columns);
  return [
    `Input ${rows.size} by ${columns.size}, output ${rows.output} by ${columns.output}.`,
    none ? "No padding." : `${pool ? "Padding" : "Zeros"}: ${padding}.`,
    unread ? `${plural(unread, "pixel")} ${unread === 1 ? "is" : "are"} never read.` : "Every pixel is read.",
  ];
}

/** How many pixels of the input no window reads. */
export function unreadTotal(rows, columns) {
  const read = (axis) => axis.counts.filter((count) => count > 0).length;
  return rows.size * columns.size - read(rows) * read(columns);
}

/** A run of indices: "3", "3 to 5", "0, 2, 4". */
export function run(indices) {
  if (indices.length === 0) return "none";
  const [first, last] = [indices[0], indices[indices.length - 1]];
  if (first === last) return minus(first);
  const unbroken = last - first === indices.length - 1;
  return unbroken ? `${minus(first)} to ${minus(last)}` : indices.map(minus).join(", ");
}

/** "row 3", "rows 3 to 5". */
export function numbered(noun, indices) {
  return `${noun}${indices.length === 1 ? "" : "s"} ${run(indices)}`;
}

/** What the selected cell reads, or which outputs it feeds. */
export function selectionSentence(selection) {
  const { kind, row, column, rows, columns } = selection;
  const place = `row ${minus(row)}, column ${minus(column)}`;
  if (kind === "output") {
    return `Output ${place} reads input ${numbered("row", rows)}, ${numbered("column", columns)}.`;
  }
  if (rows.length === 0 || columns.length === 0) return `Input ${place} feeds no output.`;
  const feeds = plural(rows.length * columns.length, "output");
  return `Input ${place} feeds ${feeds}: ${numbered("row", rows)}, ${numbered("column", columns)}.`;
}
