/** The Explorer's form: what the lesson is about in front, everything else under "more". */

import { KEYS, arrange, h, setText } from "./dom.js";
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

/**
 * Which arguments a page shows in front: sizes always; strides and padding unless the lesson locks
 * them; the dilation where the page begins with one: no field changes its place under the hand.
 */
function frontOf({ read }) {
  const dilated = Math.max(...read().dilation_rate) > 1;
  return (name) => ["input_size", "kernel_size"].includes(name) || (name === "dilation_rate" && dilated) ||
    (["strides", "padding"].includes(name) && !read().locked.includes(name));
}

/** @param {{read: () => object, change: (patch: object) => string}} state `change` says why not */
export function explorerControls(model) {
  const isFront = frontOf(model);
  const legend = h("legend", {});
  const node = h("fieldset", { class: "sw-controls" }, legend);
  const form = keptForm(node, model, (state) => [
    ...layerFields(model, state, isFront), ...numberFields(model, state)], [legend]);
  return { node, refresh() {
    setText(legend, model.read().layer);
    form.refresh();
  } };
}

/** The other arguments, folded away. Those that the lesson locks are left out. */
export function moreControls(model) {
  const isFront = frontOf(model);
  const fieldset = h("div", { class: "sw-controls" });
  const inner = keptForm(fieldset, model, (state) => {
    const conv = state.layer === "Conv2D";
    const counts = ["channels", "filters", "bias"].filter((name) => conv && !state.locked.includes(name));
    return [
      choice(model, "layer", "layer", LAYERS, (layer) => ({ layer, dilation_rate: [1, 1] })),
      ...layerFields(model, state, (name) => !isFront(name) && !state.locked.includes(name)),
      ...counts.map((name) => countField(model, name)),
      ...(conv && state.filters > 1 ? [whichField(model, "filter", "filter drawn", state.filters)] : []),
      ...ticks(model, conv),
    ];
  });
  const node = h("details", { class: "sw-more" }, h("summary", { ...KEYS }, "More: other arguments, counts, PyTorch"), fieldset);
  return { node, refresh: inner.refresh };
}

/**
 * A form of the fields that `fieldsOf` names for a state, as `[key, make]`. A field is made when it
 * is first wanted and then kept: new ones cost a browser much more. While the focus is in a field
 * that is wanted no more, the form waits.
 */
function keptForm(node, { read }, fieldsOf, before = []) {
  const made = new Map();
  let shown = "";
  let fields = [];
  const refresh = () => {
    const wanted = fieldsOf(read());
    const keys = wanted.map(([key]) => key);
    if (String(keys) !== shown) {
      const next = wanted.map(([key, make]) => made.get(key) ?? made.set(key, make()).get(key));
      const focused = fields.find((field) => field.node.contains(document.activeElement));
      if (!focused || next.includes(focused)) {
        fields = next;
        shown = String(keys);
        arrange(node, [...before, ...fields.map((field) => field.node)]);
      }
    }
    fields.forEach((field) => field.refresh());
  };
  node.addEventListener("focusout", () => setTimeout(refresh));
  return { refresh };
}

function layerFields(model, state, wanted) {
  const pool = state.layer !== "Conv2D";
  const names = PAIRS.filter((name) => wanted(name) && !(pool && name === "dilation_rate"));
  const pairs = names.flatMap((name) => (state.rectangular
    ? AXES.map((axis, i) => pairField(model, state, name, i, `, ${axis}`))
    : [pairField(model, state, name, null, "")]));
  if (!wanted("padding")) return pairs;
  const fixed = state.locked.includes("padding");
  return [...pairs, [`padding ${fixed}`, () => choiceField({
    label: "padding", fixed, options: [["valid", "valid"], ["same", "same"]],
    read: () => model.read().padding, write: (value) => model.change({ padding: value }),
  })]];
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
  return [label, () => choiceField({ label, options, read: () => read()[name],
    write: (value) => change(patch(value)) })];
}

function whichField({ read, change }, name, label, count) {
  const drawn = Math.min(count, 8);
  const options = Array.from({ length: drawn }, (_, i) => [String(i), String(i)]);
  return [`${label} ${drawn}`, () => choiceField({ label, options,
    read: () => String(Math.min(read()[name], drawn - 1)), write: (value) => change({ [name]: Number(value) }) })];
}

function countField({ read, change }, name) {
  const [min, max] = LIMITS[name];
  return [name, () => numberField({ label: name, min, max, read: () => read()[name],
    write: (value) => change({ [name]: value }) })];
}

function pairField({ read, change }, state, name, axis, suffix) {
  const label = (name === "kernel_size" && state.layer !== "Conv2D" ? "pool_size" : name) + suffix;
  const fixed = state.locked.includes(name);
  const [min, max] = LIMITS[name];
  return [`${label} ${fixed}`, () => numberField({ label, fixed, min, max,
    read: () => read()[name][axis ?? 0],
    write: (value) => change({
      [name]: read()[name].map((old, i) => (axis === null || axis === i ? value : old)),
    }),
  })];
}

function ticks({ read, change }, conv) {
  const tick = (label, name, patch) => [label, () => tickField({ label, read: () => read()[name],
    write: (value) => change(patch(value)) })];
  const plain = (label, name) => tick(label, name, (value) => ({ [name]: value }));
  return [
    tick("set height and width separately", "rectangular", (value) => (value ? { rectangular: true } : squared(read()))),
    plain("show how often each pixel is read", "show_counts"),
    ...(conv ? [plain("show PyTorch's padding beside it", "pytorch")] : []),
  ];
}

/** Both axes as the height is. */
function squared(state) {
  const pairs = PAIRS.map((name) => [name, [state[name][0], state[name][0]]]);
  return { rectangular: false, ...Object.fromEntries(pairs) };
}
