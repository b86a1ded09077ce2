/** One network as a column: its strip of sizes, a card for each layer, and layers to add. */

import { KEYS, arrange, button, freshId, h, keptChildren, setAttribute, setHidden, setText, thousands } from "./dom.js";
import { conePanel } from "./cone.js";
import { LAYER_TYPES, layerCard, newLayer } from "./stack_card.js";
import { stackTotal } from "./stack_rules.js";

const MOST_LAYERS = 16;

/**
 * @param {{read: () => object, write: (stack: object) => void, presets: () => object[],
 *          locked: () => string[], dilation: () => boolean, seen: () => boolean}} options
 *   `seen` says whether it can show what one number sees
 */
export function stackColumn({ read, write, presets, locked, dilation, seen }) {
  const buttons = h("div", { class: "sw-presets", role: "group", "aria-label": "Networks" });
  const strip = h("ol", { class: "sw-strip", "aria-hidden": "true" });
  const list = h("ol", { class: "sw-layers" });
  const total = h("p", { class: "sw-total" });
  const cone = conePanel(read);
  const adder = layerAdder((type) => add(type));
  const node = h("div", { class: "sw-column sw-kept" }, buttons, strip, list, adder.node, total, cone.node);
  let cards = new Map(); // of the layers, in their order
  let built = "";
  let offered = "";
  let stripShapes = "";
  let focusOn = ""; // the button to focus once the cards are in their new order

  const layers = () => read().layers;
  const change = (i, patch) =>
    write({ ...read(), layers: layers().map((old, j) => (i === j ? { ...old, ...patch } : old)) });
  const add = (type) => {
    if (layers().length < MOST_LAYERS) write({ ...read(), layers: [...layers(), newLayer(type, layers())] });
  };
  const act = (what, i) => {
    const next = [...layers()];
    const [moved] = next.splice(i, 1);
    if (what !== "remove") next.splice(what === "up" ? i - 1 : i + 1, 0, moved);
    const neighbour = next[Math.min(i, next.length - 1)];
    focusOn = what === "remove" ? `remove ${neighbour?.name}` : `${what} ${moved.name}`;
    write({ ...read(), layers: next });
  };
  const gaps = () => dilation() || layers().some((layer) => Math.max(...(layer.dilation_rate ?? [1])) > 1);
  const offer = () => buttons.replaceChildren(...presets().map((preset) =>
    button(preset.name, () => write(preset), { "data-preset": preset.name })));
  // A layer that has only moved keeps its card: new ones cost a browser much more.
  const build = () => {
    const old = cards;
    cards = new Map();
    layers().forEach(({ name, type }, i) => {
      let key = JSON.stringify([name, type, locked(), gaps()]);
      while (cards.has(key)) key += " again"; // two layers with one name
      cards.set(key, old.get(key) ?? layerCard(i, { read, locked, change, act, gaps: gaps() }));
    });
    [...cards.values()].forEach((card, i) => card.move(i));
    arrange(list, [...cards.values()].map((card) => card.node));
  };

  return {
    node,
    draw(rows, most) {
      const wanted = JSON.stringify([layers().map(({ name, type }) => [name, type]), locked(), gaps()]);
      if (wanted !== built) build();
      built = wanted;
      if (JSON.stringify(presets()) !== offered) offer();
      offered = JSON.stringify(presets());
      setHidden(adder.node, locked().includes("layers"));
      markChosen(buttons, read(), presets());
      const shapes = JSON.stringify([read().input_shape, rows.map((row) => row.shape ?? null)]);
      if (shapes !== stripShapes) drawBlocks(strip, read().input_shape, rows);
      stripShapes = shapes;
      const sum = stackTotal(rows);
      [...cards.values()].forEach((card, i) => card.draw(rows[i], most, sum));
      setText(total, sum === null ? "This network cannot be built." : `Total: ${thousands(sum)} parameters`);
      if (seen()) cone.draw();
      else setHidden(cone.node, true);
    },
    /** Focus the button again that has moved; last, because it makes the browser lay out the page. */
    focus() {
      if (focusOn) focusAgain(node, focusOn, adder);
      focusOn = "";
    },
  };
}

/** A button that has become disabled gives the focus to the one that is not. */
function focusAgain(node, wanted, adder) {
  const buttons = [...node.querySelectorAll("[data-act]")];
  const [what, name] = wanted.split(" ");
  const other = { up: "down", down: "up" }[what];
  const found = [wanted, `${other} ${name}`].map((act) => buttons.find((one) => one.dataset.act === act))
    .find((one) => one && !one.disabled);
  (found ?? adder.node.querySelector("select")).focus();
}

/** A list of types, and a button that puts one more at the end. */
function layerAdder(add) {
  const id = freshId("add");
  const select = h("select", { id, ...KEYS }, LAYER_TYPES.map((type) => h("option", { value: type }, type)));
  const node = h("div", { class: "sw-add" }, h("label", { for: id }, "One more layer"), select,
    button("Add", () => add(select.value)));
  return { node };
}

function markChosen(buttons, stack, presets) {
  [...buttons.children].forEach((one, i) => {
    const same = JSON.stringify(presets[i].layers) === JSON.stringify(stack.layers);
    setAttribute(one, "aria-pressed", same);
  });
}

/** A square for each map, as wide as it is; a bar for each row of numbers. */
function drawBlocks(strip, input, rows) {
  const shapes = [input, ...rows.map((row) => row.shape)];
  const largest = Math.max(...input.slice(0, 2));
  const items = keptChildren(strip, shapes.length, () => h("li", {}, h("i", {}), h("span", {})));
  shapes.forEach((shape, i) => {
    const [block, words] = items[i].children;
    const map = shape?.length === 3;
    setAttribute(items[i], "class", shape ? "sw-block" : "sw-block sw-stopped");
    setAttribute(block, "class", !shape ? "" : map ? "sw-map" : "sw-row");
    const [height, width, deep] = map ? shape : [0, 0, 0];
    Object.entries({ "--h": height / largest, "--w": width / largest, "--deep": Math.log2(deep + 1) })
      .forEach(([name, value]) => block.style.setProperty(name, value));
    setText(words, !shape ? "✗" : map ? shape.join("×") : thousands(shape.at(-1)));
  });
}
