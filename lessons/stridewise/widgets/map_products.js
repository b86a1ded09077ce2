/** How a number of the first map comes about: each pixel times its weight, the sum, the bias. */

import { h, plural } from "./dom.js";
import { BRIGHTEST, mapNumbers, numberAt, shortNumber } from "./feature_maps.js";

/** A number with a real minus sign. */
function tidy(value) {
  return shortNumber(value).replace("-", "−");
}

/**
 * The products of one window, row by row; outside the picture a pixel is a zero of the padding.
 * @param {{weights: Float32Array, filters: number, axes: object[]}} layer each axis is
 *   `{start, strides, kernel_size, dilation_rate}`
 */
export function windowProducts({ weights, filters, axes }, pixels, [row, column], filter) {
  const side = Math.sqrt(pixels.length);
  const places = [row, column].map((index, i) => {
    const { start, strides, kernel_size, dilation_rate } = axes[i];
    return Array.from({ length: kernel_size }, (_, at) => start + index * strides + at * dilation_rate);
  });
  return places[0].map((y, i) => places[1].map((x, j) => {
    const zero = y < 0 || x < 0 || y >= side || x >= side;
    const weight = weights[(i * places[1].length + j) * filters + filter];
    return { zero, pixel: zero ? 0 : pixels[y * side + x] / BRIGHTEST, weight };
  }));
}

/** The products added up, and what bias and activation make of the sum; `value` is Keras's. */
export function productWords(products, bias, activation, value) {
  const sum = products.flat().reduce((total, { pixel, weight }) => total + pixel * weight, 0);
  const kept = activation === "linear" || value > 0;
  const before = kept ? value : sum + bias; // Keras's own digits, where they can be seen
  const relu = value > 0 ? "relu leaves it as it is" : "relu makes every number below 0 a 0";
  return `The ${plural(products.flat().length, "product")} add up to ${tidy(sum)}. With the bias ` +
    `${tidy(bias)} that is ${tidy(before)}${activation === "relu" ? `; ${relu}` : ""}.`;
}

/** The panel; it is hidden where the layer is not the first, or its activation is another. */
export function mapProducts() {
  const title = h("p", { class: "sw-heading" });
  const grid = h("div", { class: "sw-multiply", "aria-hidden": "true" });
  const sum = h("p", {});
  const node = h("div", {}, title, grid, sum);
  const decoded = new WeakMap();
  const layerOf = (map) => {
    if (!decoded.has(map)) decoded.set(map, { ...map.first, weights: mapNumbers(map.first.weights), filters: map.shape[2] });
    return decoded.get(map);
  };
  return {
    node,
    hide() { node.hidden = true; },
    draw(name, map, pixels, { place, filter, numbers }) {
      node.hidden = !map.first;
      if (node.hidden) return;
      const layer = layerOf(map);
      const products = windowProducts(layer, pixels, place, filter);
      title.textContent = `${name}: pixel × weight`;
      grid.style.setProperty("--kernel", products[0].length);
      grid.replaceChildren(...products.flat().map(({ zero, pixel, weight }) =>
        h("span", { class: zero ? "sw-of-zero" : "" }, h("small", {}, `${tidy(pixel)} × ${tidy(weight)}`),
          h("b", {}, tidy(pixel * weight)))));
      sum.textContent = productWords(products, layer.bias[filter], layer.activation,
        numberAt(map, numbers, filter, place));
    },
  };
}
