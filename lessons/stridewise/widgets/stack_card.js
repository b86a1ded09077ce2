/** One layer of a network as a card: its arguments, its output shape, its parameters. */

import { button, h, setHidden, setText, thousands } from "./dom.js";
import { choiceField, numberField } from "./controls.js";

/** The numbers that each type of layer takes: argument, smallest, largest; a pair has one box. */
const NUMBERS_OF = {
  Conv2D: [["filters", 1, 512], ["kernel_size", 1, 11], ["strides", 1, 8], ["dilation_rate", 1, 4]],
  MaxPooling2D: [["pool_size", 1, 8], ["strides", 1, 8]],
  AveragePooling2D: [["pool_size", 1, 8], ["strides", 1, 8]],
  Dense: [["units", 1, 1024]],
};

/** What a new layer of each type is, before it is changed. */
const NEW_LAYERS = {
  Conv2D: { filters: 8, kernel_size: [3, 3], strides: [1, 1], padding: "valid", dilation_rate: [1, 1],
    use_bias: true },
  MaxPooling2D: { pool_size: [2, 2], strides: [2, 2], padding: "valid" },
  AveragePooling2D: { pool_size: [2, 2], strides: [2, 2], padding: "valid" },
  GlobalAveragePooling2D: {},
  Flatten: {},
  Dense: { units: 10, use_bias: true },
};
export const LAYER_TYPES = Object.keys(NEW_LAYERS);

/** A new layer with a name that no other has, numbered as Keras does. */
export function newLayer(type, layers) {
  const stem = type.replace(/(\w)(2D)$/, "$1$2").replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
  const taken = new Set(layers.map((layer) => layer.name));
  let name = stem;
  for (let i = 1; taken.has(name); i += 1) name = `${stem}_${i}`;
  return { type, name, ...structuredClone(NEW_LAYERS[type]) };
}

/** (26, 26, 32) as "26 × 26 × 32". */
export function shapeWords(shape) {
  return shape.map(thousands).join(" × ");
}

/**
 * A card stays with its layer: `move(i)` says where the layer is now.
 * @param {{read: Function, locked: Function, change: Function, act: Function, gaps: boolean}} column
 *   `change(i, patch)` sets arguments; `act(what, i)` moves or removes the layer
 */
export function layerCard(i, { read, locked, change, act, gaps }) {
  let place = i;
  const layer = () => read().layers[place];
  const set = (patch) => { change(place, patch); return ""; };
  const name = h("span", { class: "sw-layer-name" });
  const shape = h("span", { class: "sw-layer-shape" });
  const working = h("span", { class: "sw-working-line" });
  const bar = h("i", { class: "sw-bar", "aria-hidden": "true" });
  const trouble = h("p", { class: "sw-error" });
  const rescue = button('Use padding="same"', () => set({ padding: "same" }));
  const fields = layerFields(layer, set, locked, gaps);
  const moves = locked().includes("layers") ? [] : [["up", "↑"], ["down", "↓"], ["remove", "✕"]].map(([what, sign]) =>
    button(sign, () => act(what, place), { "aria-label": `${MOVES[what]} ${layer().name}`, "data-act": `${what} ${layer().name}` }));
  const node = h("li", { class: "sw-card" }, h("p", { class: "sw-card-head" },
    h("span", { class: "sw-card-words" }, name, " ", shape), h("span", { class: "sw-moves" }, moves)),
  h("div", { class: "sw-card-fields" }, fields.map((field) => field.node)),
  h("p", {}, working), bar, trouble, rescue);
  return {
    node,
    move(to) { place = to; },
    draw(row, most, total) {
      fields.forEach((field) => field.refresh());
      setText(name, layerWords(layer()));
      setText(shape, row.shape ? `→ ${shapeWords(row.shape)}` : "→ nothing");
      setText(working, workingWords(row, total));
      setHidden(bar, !row.parameters);
      bar.style.setProperty("--share", (row.parameters ?? 0) / Math.max(most, 1));
      setText(trouble, row.problem ? `${row.problem.why}. ${row.problem.fits}.` : "");
      node.classList.toggle("sw-stuck", Boolean(row.problem));
      setHidden(rescue, !(row.problem?.tight && layer().padding === "valid") || locked().includes("padding"));
      if (moves.length) {
        moves[0].disabled = place === 0;
        moves[1].disabled = place === read().layers.length - 1;
      }
    },
  };
}

const MOVES = { up: "move up", down: "move down", remove: "remove" };

function layerFields(layer, set, locked, gaps) {
  const { type, name, padding } = layer();
  const numbers = (NUMBERS_OF[type] ?? []).filter(([argument]) => argument !== "dilation_rate" || gaps)
    .map(([argument, min, max]) => numberField({ label: argument, min, max, slider: false,
      fixed: locked().includes(argument), context: name,
      read: () => [layer()[argument]].flat()[0],
      write: (value) => set(patched(layer(), argument, value)) }));
  if (padding === undefined) return numbers;
  return [...numbers, choiceField({ label: "padding", options: [["valid", "valid"], ["same", "same"]],
    fixed: locked().includes("padding"), context: name,
    read: () => layer().padding, write: (value) => set({ padding: value }) })];
}

/** One argument changed; the strides of pooling follow its size as long as they are alike, as in Keras. */
function patched(layer, argument, value) {
  const own = Array.isArray(layer[argument]) ? [value, value] : value;
  const follows = argument === "pool_size" && String(layer.strides) === String(layer.pool_size);
  return { [argument]: own, ...(follows ? { strides: [value, value] } : {}) };
}

/** "conv2d: Conv2D 32, 3 × 3". */
function layerWords({ name, type, filters, units, kernel_size, pool_size }) {
  const window = kernel_size ?? pool_size;
  const details = [filters ?? units, window && window.join(" × ")].filter(Boolean).join(", ");
  return `${name}: ${type}${details ? ` ${details}` : ""}`;
}

function workingWords(row, total) {
  if (row.waits) return `waits for ${row.waits}`;
  if (row.problem) return "";
  if (row.parameters === 0) return `0 parameters: ${row.working}`;
  const share = total ? ` (${percent(row.parameters, total)})` : "";
  return `${row.working} = ${thousands(row.parameters)}${share}`;
}

/** "99 %", "0.5 %", "under 0.1 %"; the space does not break. */
export function percent(part, whole) {
  const share = Math.round((1000 * part) / whole) / 10;
  return share === 0 && part > 0 ? "under 0.1\u00a0%" : `${share}\u00a0%`;
}
