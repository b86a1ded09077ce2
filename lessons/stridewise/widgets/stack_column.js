/** One network as a column: its strip of sizes, and a card for each layer. */

import { button, h, thousands } from "./dom.js";
import { choiceField, numberField } from "./controls.js";
import { slides, stackTotal } from "./stack_rules.js";

/** (26, 26, 32) as "26 × 26 × 32". */
export function shapeWords(shape) {
  return shape.map(thousands).join(" × ");
}

/**
 * @param {{read: () => object, write: (stack: object) => void, presets: () => object[],
 *          locked: () => string[]}} options
 */
export function stackColumn({ read, write, presets, locked }) {
  const buttons = h("div", { class: "sw-presets", role: "group", "aria-label": "Networks" });
  const strip = h("ol", { class: "sw-strip", "aria-hidden": "true" });
  const list = h("ol", { class: "sw-layers" });
  const total = h("p", { class: "sw-total" });
  const node = h("div", { class: "sw-column" }, buttons, strip, list, total);
  let cards = [];
  let built = "";

  const build = () => {
    buttons.replaceChildren(...presets().map((preset) =>
      button(preset.name, () => write(preset), { "data-preset": preset.name })));
    cards = read().layers.map((_, i) => layerCard(i, { read, write, locked }));
    list.replaceChildren(...cards.map((card) => card.node));
  };

  return {
    node,
    draw(rows, most) {
      const layers = read().layers.map(({ name, type }) => [name, type]);
      const wanted = JSON.stringify([presets(), layers, locked()]);
      if (wanted !== built) build();
      built = wanted;
      markChosen(buttons, read(), presets());
      strip.replaceChildren(...blocks(read().input_shape, rows));
      const sum = stackTotal(rows);
      cards.forEach((card, i) => card.draw(rows[i], most, sum));
      total.textContent = sum === null
        ? "This stack cannot be built."
        : `Total: ${thousands(sum)} parameters`;
    },
  };
}

function markChosen(buttons, stack, presets) {
  [...buttons.children].forEach((one, i) => {
    const same = JSON.stringify(presets[i].layers) === JSON.stringify(stack.layers);
    one.setAttribute("aria-pressed", String(same));
  });
}

/** A square for each map, as wide as it is; a bar for each row of numbers. */
function blocks(input, rows) {
  const shapes = [input, ...rows.map((row) => row.shape)];
  const largest = Math.max(...input.slice(0, 2));
  return shapes.map((shape) => {
    if (!shape) return h("li", { class: "sw-block sw-stopped" }, h("i", {}), h("span", {}, "✗"));
    const block = h("i", { class: shape.length === 3 ? "sw-map" : "sw-row" });
    if (shape.length === 3) {
      block.style.setProperty("--h", shape[0] / largest);
      block.style.setProperty("--w", shape[1] / largest);
    }
    const words = shape.length === 3 ? `${shape[0]}×${shape[1]}` : thousands(shape.at(-1));
    return h("li", { class: "sw-block" }, block, h("span", {}, words));
  });
}

function layerCard(i, { read, write, locked }) {
  const layer = () => read().layers[i];
  const change = (patch) => {
    const stack = read();
    write({ ...stack, layers: stack.layers.map((old, j) => (i === j ? { ...old, ...patch } : old)) });
    return "";
  };
  const name = h("span", { class: "sw-layer-name" });
  const shape = h("span", { class: "sw-layer-shape" });
  const working = h("span", { class: "sw-working-line" });
  const bar = h("i", { class: "sw-bar", "aria-hidden": "true" });
  const trouble = h("p", { class: "sw-error" });
  const rescue = button('Use padding="same"', () => change({ padding: "same" }));
  const fields = slides(layer()) ? windowFields(layer, change, locked) : [];
  const node = h("li", { class: "sw-card" }, h("p", { class: "sw-card-head" }, name, shape),
    h("div", { class: "sw-card-fields" }, fields.map((field) => field.node)),
    h("p", {}, working), bar, trouble, rescue);
  return {
    node,
    draw(row, most, total) {
      fields.forEach((field) => field.refresh());
      name.textContent = layerWords(layer());
      shape.textContent = row.shape ? `→ ${shapeWords(row.shape)}` : "→ nothing";
      working.textContent = workingWords(row, total);
      bar.hidden = !row.parameters;
      bar.style.setProperty("--share", (row.parameters ?? 0) / Math.max(most, 1));
      trouble.textContent = row.problem
        ? `${row.problem.why}. Still fits: ${row.problem.fits}.`
        : "";
      node.classList.toggle("sw-stuck", Boolean(row.problem));
      rescue.hidden = !(row.problem && layer().padding === "valid") || locked().includes("padding");
    },
  };
}

function windowFields(layer, change, locked) {
  return [
    choiceField({ label: "padding", options: [["valid", "valid"], ["same", "same"]],
      fixed: locked().includes("padding"), context: layer().name,
      read: () => layer().padding, write: (padding) => change({ padding }) }),
    numberField({ label: "strides", min: 1, max: 8, slider: false,
      fixed: locked().includes("strides"), context: layer().name,
      read: () => layer().strides[0], write: (value) => change({ strides: [value, value] }) }),
  ];
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
