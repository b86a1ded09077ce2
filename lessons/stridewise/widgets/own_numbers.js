/** The student's own numbers: pixels, and the weights of a kernel. */

import { KEYS, freshId, h, setHidden, setText, setValue } from "./dom.js";
import { kernelNumbers, pictureNumbers } from "./numbers.js";

const LARGEST_PIXEL = 99;
const LARGEST_WEIGHT = 100;

/** The editors; `key` takes a digit that is pressed on a pixel. */
export function ownNumbers({ read, change }) {
  const pixel = pixelBox({ read, change });
  const weights = weightBoxes({ read, change });
  const node = h("div", {}, pixel.node, weights.node);
  return {
    node,
    key([kind, row, column], pressed) {
      const state = read();
      const inside = row >= 0 && column >= 0 && row < state.input_size[0] && column < state.input_size[1];
      if (kind === "input" && inside && /^\d$/.test(pressed)) change(withPixel(state, row, column, Number(pressed)));
    },
    draw(state, selection) {
      pixel.draw(state, selection);
      weights.draw(state);
    },
  };
}

/** The picture with one pixel changed: from then on it is the student's own. */
function withPixel(state, row, column, value) {
  const image = pictureNumbers(state).map((line) => [...line]);
  image[row][column] = value;
  return { picture: "own", image };
}

function pixelBox({ read, change }) {
  const id = freshId("pixel");
  const label = h("label", { for: id });
  const error = h("span", { class: "sw-error", id: `${id}-error`, role: "alert" });
  const input = h("input", { id, type: "number", min: -LARGEST_PIXEL, max: LARGEST_PIXEL, step: 1,
    "aria-describedby": error.id, ...KEYS });
  const node = h("p", { class: "sw-pixel-box" }, label, input, error);
  let place = [0, 0];
  input.addEventListener("input", () => {
    const value = Number(input.value);
    const bad = input.value.trim() === "" || !Number.isInteger(value) || Math.abs(value) > LARGEST_PIXEL;
    input.setAttribute("aria-invalid", String(bad));
    setText(error, bad ? `A pixel is a whole number from −${LARGEST_PIXEL} to ${LARGEST_PIXEL}.` : "");
    if (!bad) change(withPixel(read(), ...place, value));
  });
  return {
    node,
    draw(state, { kind, row, column }) {
      setHidden(node, state.picture !== "own");
      if (node.hidden) return;
      const [height, width] = state.input_size;
      if (kind === "input") {
        place = [Math.min(Math.max(row, 0), height - 1), Math.min(Math.max(column, 0), width - 1)];
      }
      place = [Math.min(place[0], height - 1), Math.min(place[1], width - 1)];
      setText(label, `Click a pixel and type its number: row ${place[0]}, column ${place[1]}`);
      if (document.activeElement !== input) input.value = state.image[place[0]]?.[place[1]] ?? 0;
    },
  };
}

function weightBoxes({ read, change }) {
  const error = h("p", { class: "sw-error", role: "alert" });
  const grid = h("div", { class: "sw-weights", role: "group", "aria-label": "Your own kernel" });
  const node = h("div", { class: "sw-kept" }, h("p", { class: "sw-heading" }, "Your own kernel B"), grid, error);
  let boxes = [];
  let size = "";
  let reopened = true; // then errors from before are removed
  const check = () => {
    const bad = boxes.flat().some((box) => box.getAttribute("aria-invalid") === "true");
    setText(error, bad ? `A weight is a number from −${LARGEST_WEIGHT} to ${LARGEST_WEIGHT}.` : "");
  };
  const take = (box, i, j) => {
    const weight = Number(box.value);
    const bad = box.value.trim() === "" || !Number.isFinite(weight) || Math.abs(weight) > LARGEST_WEIGHT;
    box.setAttribute("aria-invalid", String(bad));
    check();
    if (bad) return;
    const own_kernel = kernelNumbers(read()).map((row) => [...row]);
    own_kernel[i][j] = weight;
    change({ own_kernel });
  };
  const build = ([height, width]) => {
    boxes = Array.from({ length: height }, (_, i) => Array.from({ length: width }, (__, j) => {
      const box = h("input", { type: "number", step: "any", ...KEYS, "aria-label": `weight row ${i}, column ${j}` });
      box.addEventListener("input", () => take(box, i, j));
      return box;
    }));
    grid.style.setProperty("--kernel", width);
    grid.replaceChildren(...boxes.flat());
    check();
  };
  return {
    node,
    draw(state) {
      setHidden(node, state.kernel !== "own" || state.layer !== "Conv2D");
      if (node.hidden) { reopened = true; return; }
      if (String(state.kernel_size) !== size) build(state.kernel_size);
      else if (reopened) boxes.flat().forEach((box) => box.removeAttribute("aria-invalid"));
      if (reopened) check();
      reopened = false;
      size = String(state.kernel_size);
      const weights = kernelNumbers(state);
      boxes.flat().forEach((box, at) => {
        const value = weights.flat()[at];
        if (document.activeElement === box || box.getAttribute("aria-invalid") === "true") return;
        setValue(box, Math.round(value * 1e4) / 1e4);
      });
    },
  };
}
