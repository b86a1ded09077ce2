/**
 * Convolution shape arithmetic, one axis at a time; sizes are in pixels.
 *
 * The same rules, names and zeros as `stridewise.shapes`; a test compares the two.
 * Source: https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
 *
 * @typedef {{size: number, kernel_size: number, strides: number,
 *            padding: "valid" | "same", dilation_rate: number}} Axis
 */

/** The whole numbers from `from` up to `to`, without it. A loop: `Array.from` takes several times as long. */
export function range(from, to) {
  const found = [];
  for (let i = from; i < to; i += 1) found.push(i);
  return found;
}

/** How far a window reaches from its first pixel to its last, gaps included. */
export function windowWidth({ kernel_size, dilation_rate }) {
  return (kernel_size - 1) * dilation_rate + 1;
}

/**
 * Why no window fits, as a sentence that says what to do; "" when one does.
 * @param {Axis} axis
 */
export function misfit(axis) {
  const width = windowWidth(axis);
  if (axis.padding === "same" || width <= axis.size) return "";
  const gaps = axis.dilation_rate > 1
    ? ` with dilation_rate=${axis.dilation_rate} has a reach of ${width} pixels. It` : "";
  return `kernel_size=${axis.kernel_size}${gaps} does not fit in an input of ${axis.size}; ` +
    'use a smaller kernel or padding="same".';
}

/** Keras's own rule beyond the arithmetic: `strides` and `dilation_rate` not both above 1. */
export function clash(strides, dilation_rate) {
  if (Math.max(...strides) === 1 || Math.max(...dilation_rate) === 1) return "";
  return (
    `Keras refuses strides=${strides} together with dilation_rate=${dilation_rate}; ` +
    "set one of them back to 1."
  );
}

/** The number of windows: steps that fit, plus the first position. */
export function outputSize(axis) {
  if (axis.padding === "same") return Math.ceil(axis.size / axis.strides);
  return Math.floor((axis.size - windowWidth(axis)) / axis.strides) + 1;
}

/** Zeros before and after; an odd one out goes after. */
export function padWidths(axis) {
  if (axis.padding === "valid") return { before: 0, after: 0 };
  const reach = (outputSize(axis) - 1) * axis.strides + windowWidth(axis);
  const zeros = Math.max(reach - axis.size, 0);
  return { before: Math.floor(zeros / 2), after: Math.ceil(zeros / 2) };
}

/** PyTorch's `padding=p`: the same number of zeros on both sides. */
export function symmetricPadding(axis) {
  return axis.padding === "valid" ? 0 : Math.floor((windowWidth(axis) - 1) / 2);
}

/** The first pixel of each window; negative inside the zeros before. */
export function windowStarts(axis, before = padWidths(axis).before, count = outputSize(axis)) {
  return range(0, count).map((step) => step * axis.strides - before);
}

/** The pixels that the window beginning at `start` reads, zeros included. */
export function windowPixels(axis, start) {
  return range(0, axis.kernel_size).map((i) => start + i * axis.dilation_rate);
}

/** How many windows read each input pixel. */
export function readCounts(axis, starts = windowStarts(axis)) {
  const counts = new Array(axis.size).fill(0);
  for (const start of starts) {
    for (const pixel of windowPixels(axis, start)) {
      if (pixel >= 0 && pixel < axis.size) counts[pixel] += 1;
    }
  }
  return counts;
}

/** The input pixels that no window reads. */
export function unreadPixels(axis) {
  return readCounts(axis).flatMap((count, pixel) => (count === 0 ? [pixel] : []));
}

/**
 * Everything the drawings need to know of one axis.
 * @param {Axis} axis
 */
export function plan(axis) {
  const { before, after } = padWidths(axis);
  return finished(axis, before, after, outputSize(axis));
}

/** The same layer as PyTorch pads it: as many zeros before as after. */
export function symmetricPlan(axis) {
  const zeros = symmetricPadding(axis);
  const count = Math.floor((axis.size + 2 * zeros - windowWidth(axis)) / axis.strides) + 1;
  return finished(axis, zeros, zeros, count);
}

function finished(axis, before, after, count) {
  const starts = windowStarts(axis, before, count);
  const reach = starts[count - 1] + windowWidth(axis);
  return {
    ...axis,
    before,
    after,
    starts,
    output: count,
    counts: readCounts(axis, starts),
    leftOver: Math.max(axis.size - reach, 0), // pixels behind the last window
  };
}
