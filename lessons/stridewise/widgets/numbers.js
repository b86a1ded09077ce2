/**
 * The numbers in the grids: pictures and kernels of small whole numbers, and what a layer makes of
 * them. A test compares the results with Keras.
 */

import { range, windowPixels } from "./shapes.js";

export const PICTURES = [["edge", "an edge"], ["ramp", "a ramp"], ["digit", "a digit"],
  ["own", "your own numbers"]];
export const KERNELS = [["edge", "edge"], ["sum", "sum"], ["outline", "outline"], ["own", "your own"]];
export const DRAWN_CHANNELS = 4; // the numbers of further channels are not drawn
const FULL = 9; // the brightest number of a picture
const NAMED = ["edge", "sum", "outline"];

// A 3, twenty pixels a side, 0 dark and 9 bright.
const DIGIT = [
  "00000000000000000000", "00000001479974100000", "00000169999999610000", "00001799998999971000",
  "00007999400049997000", "00008991000003999000", "00003520000001999000", "00000000000015999000",
  "00000000001589995000", "00000000189999940000", "00000000199999951000", "00000000025689999100",
  "00000000000001799700", "00000000000000199900", "00045000000000199900", "00099700000001799700",
  "00059998521258999200", "00005999999999994000", "00000258999998510000", "00000000000000000000",
].map((row) => [...row].map(Number));

/** The mean of the digit's pixels that lie under cell `index` of `size`, along both axes. */
function sampled([height, width], y, x) {
  const side = DIGIT.length;
  const span = (index, size) => {
    const from = Math.floor((index * side) / size);
    return [from, Math.max(from + 1, Math.floor(((index + 1) * side) / size))];
  };
  const [[top, bottom], [left, right]] = [span(y, height), span(x, width)];
  let sum = 0;
  for (let i = top; i < bottom; i += 1) for (let j = left; j < right; j += 1) sum += DIGIT[i][j];
  return Math.round(sum / ((bottom - top) * (right - left)));
}

const DRAWINGS = {
  edge: ([, width], y, x) => (x < Math.floor(width / 2) ? 0 : FULL),
  ramp: ([, width], y, x) => Math.floor(((FULL + 1) * x) / width),
  digit: sampled,
};

/** Channel 0 is the picture, 1 the picture turned, 2 its negative, 3 turned and negative. */
function drawnPixel(draw, [height, width], y, x, channel) {
  const value = channel % 2 ? draw([width, height], x, y) : draw([height, width], y, x);
  return channel > 1 ? FULL - value : value;
}

/**
 * The pixels of one channel.
 * @param {{picture: string, image: number[][], input_size: number[]}} state
 */
export function pictureNumbers({ picture, image, input_size: size }, channel = 0) {
  if (picture === "own") {
    return filledGrid(size, (y, x) => (channel ? FULL - (image[y]?.[x] ?? 0) : image[y]?.[x] ?? 0));
  }
  const name = `${picture} ${size} ${channel}`;
  if (!drawnBefore.has(name)) {
    if (drawnBefore.size === MOST_KEPT) drawnBefore.clear();
    drawnBefore.set(name, filledGrid(size, (y, x) => drawnPixel(DRAWINGS[picture], size, y, x, channel)));
  }
  return drawnBefore.get(name);
}

const MOST_KEPT = 64; // pictures, of up to 1,024 numbers each
const drawnBefore = new Map();

function filledGrid([height, width], value) {
  return range(0, height).map((y) => range(0, width).map((x) => value(y, x)));
}

const WEIGHTS = {
  edge: ([, width], i, j) => (width === 1 ? 1 : Math.sign(2 * j - (width - 1))),
  sum: () => 1,
  outline: ([height, width], i, j) => {
    const middle = i === Math.floor(height / 2) && j === Math.floor(width / 2);
    return middle ? Math.max(height * width - 1, 1) : -1;
  },
};

/** The weights that one filter has for one channel; the next filter and channel have the next kernel. */
export function kernelNumbers({ kernel, own_kernel, kernel_size }, channel = 0, filter = 0) {
  if (kernel === "own") return filledGrid(kernel_size, (i, j) => own_kernel[i]?.[j] ?? 0);
  const weight = WEIGHTS[NAMED[(NAMED.indexOf(kernel) + channel + filter) % NAMED.length]];
  return filledGrid(kernel_size, (i, j) => weight(kernel_size, i, j));
}

/** What one window reads: a row of the kernel a row; `zero` where padding takes the place of a pixel. */
export function windowNumbers(image, [rows, columns], [y, x]) {
  const xs = windowPixels(columns, columns.starts[x]);
  return windowPixels(rows, rows.starts[y]).map((row) => xs.map((column) => ({
    pixel: image[row]?.[column] ?? 0, zero: image[row]?.[column] === undefined })));
}

/**
 * The output of Conv2D with one filter: for each channel the products added up, then the bias. The
 * kernel is not flipped, as in Keras.
 * @param {number[][][]} images one for each channel
 * @param {number[][][]} kernels one for each channel
 * @param {object[]} plans rows, then columns, as `plan` gives them
 */
export function convolve(images, kernels, plans, bias = 0) {
  const [rows, columns] = plans;
  const output = rows.starts.map(() => new Array(columns.output).fill(bias));
  images.forEach((image, channel) => {
    const { values, width } = padded(image, plans);
    kernels[channel].forEach((weights, i) => weights.forEach((weight, j) => {
      const corner = i * rows.dilation_rate * width + j * columns.dilation_rate;
      output.forEach((line, y) => {
        for (let x = 0, at = corner + y * rows.strides * width; x < line.length; x += 1) {
          line[x] += weight * values[at];
          at += columns.strides;
        }
      });
    }));
  });
  return output;
}

/** A channel with the zeros around it: its values, row after row in one array, and a row's width. */
function padded(image, [rows, columns]) {
  const width = columns.before + columns.size + columns.after;
  const values = new Float64Array((rows.before + rows.size + rows.after) * width);
  image.forEach((row, y) => values.set(row, (y + rows.before) * width + columns.before));
  return { values, width };
}

/**
 * The output of a pooling layer. Keras leaves the padding out: a maximum and a mean are of the
 * pixels alone.
 */
export function pooled(image, plans, type) {
  const inside = plans.map((axis) => axis.starts.map((start) =>
    windowPixels(axis, start).filter((pixel) => pixel >= 0 && pixel < axis.size)));
  return filledGrid(plans.map((axis) => axis.output), (y, x) => {
    let [most, sum] = [-Infinity, 0];
    for (const row of inside[0][y]) {
      for (const column of inside[1][x]) {
        most = Math.max(most, image[row][column]);
        sum += image[row][column];
      }
    }
    return type === "MaxPooling2D" ? most : sum / (inside[0][y].length * inside[1][x].length);
  });
}

/** Everything that is drawn of the numbers in one state. */
export function layerNumbers(state, plans) {
  if (state.layer !== "Conv2D") {
    const images = [pictureNumbers(state)];
    return { images, kernels: [], channel: 0, bias: 0, output: pooled(images[0], plans, state.layer) };
  }
  const depth = Math.min(state.channels, DRAWN_CHANNELS);
  const filter = Math.min(state.filter, state.filters - 1);
  const channels = range(0, depth);
  const images = channels.map((channel) => pictureNumbers(state, channel));
  const kernels = channels.map((channel) => kernelNumbers(state, channel, filter));
  return { images, kernels, channel: Math.min(state.channel, depth - 1), filter, bias: state.bias,
    output: convolve(images, kernels, plans, state.bias) };
}

/** A number short enough for a cell: two digits after the point, a real minus sign. */
export function short(number) {
  return String(Math.round(number * 100) / 100).replace("-", "−");
}
