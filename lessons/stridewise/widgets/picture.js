/** The image mode: a digit, a kernel, and the sum behind each number of the output. */

import { KEYS, h, s } from "./dom.js";
import { choiceField } from "./controls.js";
import { KERNELS, convolve, products } from "./convolve.js";

/** An image of any numbers as grey squares, `low` black and `high` white. */
export function greyImage(values, low, high) {
  const canvas = document.createElement("canvas");
  canvas.width = values[0].length;
  canvas.height = values.length;
  const context = canvas.getContext("2d");
  const data = context.createImageData(canvas.width, canvas.height);
  values.flat().forEach((value, i) => {
    const grey = high > low ? (255 * (value - low)) / (high - low) : 0;
    data.data.set([grey, grey, grey, 255], 4 * i);
  });
  context.putImageData(data, 0, 0);
  return s("image", { href: canvas.toDataURL(), width: canvas.width, height: canvas.height,
    class: "sw-image", preserveAspectRatio: "none" });
}

/** The kernel in use: one with a name, or the student's own. */
export function kernelOf({ kernel, own_kernel }) {
  return kernel === "own" ? own_kernel : KERNELS[kernel];
}

/** Both images, and the smallest and largest number of the output. */
export function pictures(state, plans) {
  const result = convolve(state.image, kernelOf(state), plans);
  const numbers = result.flat();
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return { result, low, high,
    images: [greyImage(state.image, 0, 255), greyImage(result, low, high)] };
}

/** A number short enough for a table. */
export function short(number) {
  return String(Math.round(number * 100) / 100).replace("-", "−");
}

/** Choose a kernel, or type one; below it the sum of the selected window. */
export function picturePanel({ read, write }) {
  const choice = choiceField({
    label: "Kernel",
    options: [["edge", "edge"], ["blur", "blur"], ["sharpen", "sharpen"], ["own", "your own"]],
    read: () => read().kernel,
    write: (kernel) => write({ kernel }),
  });
  const error = h("p", { class: "sw-error", role: "alert" });
  const boxes = [0, 1, 2].map((i) => [0, 1, 2].map((j) => weightBox(i, j, { read, write, error })));
  const own = h("div", { class: "sw-weights", role: "group", "aria-label": "Your own kernel" },
    boxes.flat().map((box) => box.node));
  const sum = h("p", { class: "sw-working-line" });
  const span = h("p", {});
  const node = h("div", { class: "sw-picture" }, choice.node, own, error, span, sum);
  return {
    node,
    draw(state, selection, { result, low, high }) {
      choice.refresh();
      boxes.flat().forEach((box) => box.refresh(kernelOf(state), state.kernel !== "own"));
      span.textContent = `Output from ${short(low)} (black) to ${short(high)} (white).`;
      sum.textContent = selection.kind === "output" ? sumLine(state, selection, result) : "";
    },
  };
}

function sumLine(state, { row, column, rows, columns }, result) {
  const terms = products(state.image, kernelOf(state), rows, columns)
    .flat()
    .filter(({ weight, pixel }) => weight !== 0 && pixel !== 0)
    .map(({ weight, pixel }) => `${short(weight)}·${pixel}`);
  const value = short(result[row][column]);
  const sum = terms.length ? `${terms.join(" + ")} = ${value}` : "every product is 0, and so is the sum";
  return `Output row ${row}, column ${column}: ${sum}`;
}

function weightBox(i, j, { read, write, error }) {
  const node = h("input", { type: "number", step: "any", ...KEYS,
    "aria-label": `weight row ${i}, column ${j}` });
  node.addEventListener("input", () => {
    const weight = Number(node.value);
    const bad = node.value.trim() === "" || !Number.isFinite(weight) || Math.abs(weight) > 100;
    node.setAttribute("aria-invalid", String(bad));
    error.textContent = bad ? "A weight is a number from −100 to 100." : "";
    if (bad) return;
    const own_kernel = read().own_kernel.map((row) => [...row]);
    own_kernel[i][j] = weight;
    write({ own_kernel });
  });
  return {
    node,
    refresh(kernel, readOnly) {
      node.readOnly = readOnly;
      if (document.activeElement !== node) node.value = Math.round(kernel[i][j] * 1e4) / 1e4;
    },
  };
}
