/** The Explorer's form: one field for each argument of the layer, two where the axes differ. */

import { h } from "./dom.js";
import { choiceField, numberField, tickField } from "./controls.js";

/** The largest values that the page and Python both take. */
export const LIMITS = {
  input_size: [1, 32],
  kernel_size: [1, 11],
  strides: [1, 8],
  dilation_rate: [1, 4],
  channels: [1, 512],
  filters: [1, 512],
};
const PAIRS = ["input_size", "kernel_size", "strides", "dilation_rate"];
const SET_BY_IMAGE = ["input_size", "kernel_size", "channels", "filters"];
const AXES = ["height", "width"];

/**
 * @param {{read: () => object, change: (patch: object) => string}} state `change` says why not
 */
export function explorerControls({ read, change }) {
  const fieldset = h("fieldset", { class: "sw-controls" });
  let fields = [];
  let shape = "";

  const build = (rectangular, image) => {
    const { locked } = read();
    const held = (name) =>
      locked.includes(name) || (image && SET_BY_IMAGE.includes(name));
    const pairs = PAIRS.flatMap((name) => (rectangular
      ? AXES.map((axis, i) => pairField({ read, change }, name, held(name), `${name}, ${axis}`, i))
      : [pairField({ read, change }, name, held(name), name, null)]));
    const padding = choiceField({
      label: "padding", fixed: locked.includes("padding"),
      options: [["valid", "valid"], ["same", "same"]],
      read: () => read().padding, write: (value) => change({ padding: value }),
    });
    const counts = ["channels", "filters"].map((name) => numberField({
      label: name, min: LIMITS[name][0], max: LIMITS[name][1], fixed: held(name),
      read: () => read()[name], write: (value) => change({ [name]: value }),
    }));
    const differ = tickField({
      label: "height and width differ", read: () => read().rectangular,
      write: (value) => change(value ? { rectangular: true } : squared(read())),
    });
    fields = [...pairs, padding, ...counts, differ];
    fieldset.replaceChildren(h("legend", {}, "Conv2D"), ...fields.map((field) => field.node));
  };

  return {
    node: fieldset,
    refresh() {
      const { rectangular, mode, locked } = read();
      const wanted = JSON.stringify([rectangular, mode, locked]);
      if (wanted !== shape) build(rectangular, mode === "image");
      shape = wanted;
      fields.forEach((field) => field.refresh());
    },
  };
}

function pairField({ read, change }, name, fixed, label, axis) {
  return numberField({
    label, fixed, min: LIMITS[name][0], max: LIMITS[name][1],
    read: () => read()[name][axis ?? 0],
    write: (value) => change({
      [name]: read()[name].map((old, i) => (axis === null || axis === i ? value : old)),
    }),
  });
}

/** Both axes as the height is. */
function squared(state) {
  const pairs = PAIRS.map((name) => [name, [state[name][0], state[name][0]]]);
  return { rectangular: false, ...Object.fromEntries(pairs) };
}
