/** The Explorer's form: what the lesson is about in front, everything else under "more". */

import { KEYS, h } from "./dom.js";
import { choiceField, numberField, tickField } from "./controls.js";
import { DRAWN_CHANNELS, KERNELS, PICTURES, kernelNumbers, pictureNumbers } from "./numbers.js";

/** The largest values that the page and Python both take. */
export const LIMITS = {
  input_size: [1, 32],
  kernel_size: [1, 11],
  strides: [1, 8],
  dilation_rate: [1, 4],
  channels: [1, 512],
  filters: [1, 512],
  bias: [-100, 100],
};
const PAIRS = ["input_size", "kernel_size", "strides", "dilation_rate"];
const AXES = ["height", "width"];
const LAYERS = [["Conv2D", "Conv2D"], ["MaxPooling2D", "MaxPooling2D"],
  ["AveragePooling2D", "AveragePooling2D"]];

/** What a page shows in front: sizes always; others unless the lesson locks them. */
function isFront(name, state) {
  if (["input_size", "kernel_size"].includes(name)) return true;
  if (name === "dilation_rate") return Math.max(...state.dilation_rate) > 1;
  if (name === "channels" || name === "filters" || name === "bias") return false;
  return !state.locked.includes(name);
}

/** @param {{read: () => object, change: (patch: object) => string}} state `change` says why not */
export function explorerControls(model) {
  const fieldset = h("fieldset", { class: "sw-controls" });
  return builtAnew(fieldset, model, (state) => [h("legend", {}, state.layer),
    ...layerFields(model, state, (name) => isFront(name, state)), ...numberFields(model, state)]);
}

/** The other arguments, folded away. Those that the lesson locks are left out. */
export function moreControls(model) {
  const fieldset = h("div", { class: "sw-controls" });
  const inner = builtAnew(fieldset, model, (state) => {
    const conv = state.layer === "Conv2D";
    const counts = ["channels", "filters", "bias"].filter((name) => conv && !state.locked.includes(name));
    return [
      choice(model, "layer", "layer", LAYERS, (layer) => ({ layer, dilation_rate: [1, 1] })),
      ...layerFields(model, state, (name) => !isFront(name, state) && !state.locked.includes(name)),
      ...counts.map((name) => countField(model, name)),
      ...(conv && state.filters > 1 ? [whichField(model, "filter", "filter drawn", state.filters)] : []),
      ...ticks(model, conv),
    ];
  });
  const node = h("details", { class: "sw-more" }, h("summary", { ...KEYS }, "More: other arguments, counts, PyTorch"), fieldset);
  return { node, refresh: inner.refresh };
}

/**
 * A form that is built again when its fields change, and filled in otherwise. While somebody types
 * a number or drags a slider of it, it waits; a box or list that brings other fields keeps the focus.
 */
function builtAnew(node, { read }, make) {
  let fields = [];
  let shape = "";
  const refresh = () => {
    const state = read();
    const wanted = JSON.stringify([state.rectangular, state.locked, state.layer,
      isFront("dilation_rate", state), Math.min(state.channels, DRAWN_CHANNELS), Math.min(state.filters, 8)]);
    const focused = node.contains(document.activeElement) ? document.activeElement : null;
    if (wanted !== shape && !focused?.matches("[type=number], [type=range]")) {
      fields = make(state);
      node.replaceChildren(...fields.map((field) => field.node ?? field));
      if (focused) node.querySelector(`[data-field="${focused.dataset.field}"]`)?.focus();
      shape = wanted;
    }
    fields.forEach((field) => field.refresh?.());
  };
  node.addEventListener("focusout", () => setTimeout(refresh));
  return { node, refresh };
}

function layerFields(model, state, wanted) {
  const pool = state.layer !== "Conv2D";
  const names = PAIRS.filter((name) => wanted(name) && !(pool && name === "dilation_rate"));
  const pairs = names.flatMap((name) => (state.rectangular
    ? AXES.map((axis, i) => pairField(model, state, name, i, `, ${axis}`))
    : [pairField(model, state, name, null, "")]));
  const padding = wanted("padding") && choiceField({
    label: "padding", fixed: state.locked.includes("padding"),
    options: [["valid", "valid"], ["same", "same"]],
    read: () => model.read().padding, write: (value) => model.change({ padding: value }),
  });
  return [...pairs, padding].filter(Boolean);
}

/** Which picture, which kernel, and which of several channels is drawn. */
function numberFields(model, state) {
  const own = (name) => (name === "picture"
    ? { picture: "own", image: pictureNumbers(model.read()) }
    : { kernel: "own", own_kernel: kernelNumbers(model.read()) });
  const pick = (name, label, options) => choice(model, name, label, options,
    (value) => (value === "own" ? own(name) : { [name]: value }));
  const fields = [pick("picture", "picture", PICTURES)];
  if (state.layer !== "Conv2D") return fields;
  fields.push(pick("kernel", "kernel B", KERNELS));
  if (state.channels > 1) {
    fields.push(whichField(model, "channel", "channel drawn", Math.min(state.channels, DRAWN_CHANNELS)));
  }
  return fields;
}

function choice({ read, change }, name, label, options, patch) {
  return choiceField({ label, options, read: () => read()[name], write: (value) => change(patch(value)) });
}

function whichField({ read, change }, name, label, count) {
  const options = Array.from({ length: Math.min(count, 8) }, (_, i) => [String(i), String(i)]);
  return choiceField({ label, options, read: () => String(Math.min(read()[name], count - 1)),
    write: (value) => change({ [name]: Number(value) }) });
}

function countField({ read, change }, name) {
  const [min, max] = LIMITS[name];
  return numberField({ label: name, min, max, read: () => read()[name],
    write: (value) => change({ [name]: value }) });
}

function pairField({ read, change }, state, name, axis, suffix) {
  const label = name === "kernel_size" && state.layer !== "Conv2D" ? "pool_size" : name;
  return numberField({
    label: label + suffix, fixed: state.locked.includes(name), min: LIMITS[name][0], max: LIMITS[name][1],
    read: () => read()[name][axis ?? 0],
    write: (value) => change({
      [name]: read()[name].map((old, i) => (axis === null || axis === i ? value : old)),
    }),
  });
}

function ticks({ read, change }, conv) {
  const tick = (name, label) => tickField({ label, read: () => read()[name],
    write: (value) => change({ [name]: value }) });
  return [
    tickField({ label: "height and width differ", read: () => read().rectangular,
      write: (value) => change(value ? { rectangular: true } : squared(read())) }),
    tick("show_counts", "show how often each pixel is read"),
    ...(conv ? [tick("pytorch", "lay PyTorch's padding beside it")] : []),
  ];
}

/** Both axes as the height is. */
function squared(state) {
  const pairs = PAIRS.map((name) => [name, [state[name][0], state[name][0]]]);
  return { rectangular: false, ...Object.fromEntries(pairs) };
}
