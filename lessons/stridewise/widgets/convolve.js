/** What Conv2D computes of one image with one kernel: sums of products, zeros outside. */

import { plan, windowPixels } from "./shapes.js";

/** Kernels with a name; what each does shows on a digit. */
export const KERNELS = {
  edge: [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
  blur: [[1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9]],
  sharpen: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
};

/** The products that one output cell adds up, row by row of the kernel. */
export function products(image, kernel, rows, columns) {
  return rows.map((y, i) =>
    columns.map((x, j) => ({ weight: kernel[i][j], pixel: image[y]?.[x] ?? 0 })));
}

/**
 * The output of Conv2D with one filter and no bias; the kernel is not flipped, as in Keras.
 * @param {number[][]} image
 * @param {number[][]} kernel
 * @param {object[]} plans rows, then columns, as `plan` gives them
 */
export function convolve(image, kernel, plans) {
  const [rows, columns] = plans;
  return rows.starts.map((top) => {
    const ys = windowPixels(rows, top);
    return columns.starts.map((left) => {
      const xs = windowPixels(columns, left);
      let sum = 0;
      ys.forEach((y, i) => xs.forEach((x, j) => {
        sum += kernel[i][j] * (image[y]?.[x] ?? 0);
      }));
      return sum;
    });
  });
}

/** The same from Keras's arguments, for a test to hold against Keras. */
export function convolved(image, kernel, { strides, padding, dilation_rate }) {
  const sizes = [image.length, image[0].length];
  const kernels = [kernel.length, kernel[0].length];
  return convolve(image, kernel, sizes.map((size, i) => plan({ size, kernel_size: kernels[i],
    strides: strides[i], padding, dilation_rate: dilation_rate[i] })));
}
