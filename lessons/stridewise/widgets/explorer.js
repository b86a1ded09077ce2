/** Explorer: one convolution or pooling layer, shown window by window. */

import { frame, h, liveSentence, onceAtATime, setHidden } from "./dom.js";
import { explorerControls, moreControls } from "./explorer_controls.js";
import { explorerGoal } from "./explorer_goal.js";
import { figure, legend, select } from "./figure.js";
import { drawnInView } from "./in_view.js";
import { layerNumbers } from "./numbers.js";
import { ownNumbers } from "./own_numbers.js";
import { numberLines, torchPanel, wordsPanel } from "./panels.js";
import { productsPanel, productsWidth } from "./products.js";
import { clash, misfit, plan } from "./shapes.js";
import { stepper } from "./stepper.js";
import { resultSentences, selectionSentence } from "./words.js";

const NAMES = ["layer", "input_size", "kernel_size", "strides", "padding", "dilation_rate", "channels",
  "filters", "rectangular", "show_counts", "pytorch", "picture", "image", "kernel", "own_kernel",
  "bias", "channel", "filter", "filled", "selected", "pinned", "locked", "goal"];

/** Rows, then columns, each with the arguments of its axis. */
function axes(state) {
  return [0, 1].map((i) => ({ size: state.input_size[i], kernel_size: state.kernel_size[i],
    strides: state.strides[i], padding: state.padding, dilation_rate: state.dilation_rate[i] }));
}

/** Why Keras would not build this layer; "" if it would. */
function whyNot(state) {
  const word = state.layer === "Conv2D" ? "kernel_size" : "pool_size";
  const tight = axes(state).map(misfit).find(Boolean) || clash(state.strides, state.dilation_rate);
  return tight.replace("kernel_size", word);
}

function render({ model, el }) {
  let hovered = null;
  let width = 640;
  let state = null; // until a value changes
  const read = () => (state ??= Object.fromEntries(NAMES.map((name) => [name, model.get(name)])));
  const change = (patch) => {
    const problem = whyNot({ ...read(), ...patch });
    if (problem) return problem;
    Object.entries(patch).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
    return "";
  };
  const view = layout({ read, change }, {
    onPoint: (cell, how) => {
      if (how === "chosen") {
        hovered = null;
        redraw();
        change({ selected: cell, pinned: false });
      } else if (how === "finger" || !model.get("pinned")) { hovered = cell; redraw(); }
    },
    onLeave: () => { if (hovered) { hovered = null; redraw(); } },
    onPin: (cell) => {
      const off = model.get("pinned") && String(cell) === String(model.get("selected"));
      hovered = null;
      change({ selected: cell, pinned: !off });
    },
  });
  const redraw = onceAtATime(() => view.draw(read(), hovered, width));
  const changed = () => { state = null; redraw(); };
  NAMES.forEach((name) => model.on(`change:${name}`, changed));
  el.append(view.node);
  view.draw(read(), null, width);
  const watch = new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === 0 || contentRect.width === width) return;
    width = contentRect.width;
    view.draw(read(), hovered, width);
  });
  watch.observe(view.node);
  return () => {
    NAMES.forEach((name) => model.off(`change:${name}`, changed));
    watch.disconnect();
    view.stop();
  };
}

/** All parts in their places; `draw` fills them from one state. */
function layout({ read, change }, handlers) {
  const controls = explorerControls({ read, change });
  const more = moreControls({ read, change });
  const live = liveSentence();
  const products = productsPanel();
  const own = ownNumbers({ read, change });
  const main = figure({ ...handlers, onKey: own.key }, { middle: products.node });
  const key = legend();
  const steps = stepper(walk({ read, change }), { read, change });
  const lines = numberLines("Where the windows begin");
  const torch = torchPanel(handlers);
  const words = wordsPanel();
  const goal = explorerGoal();
  const numbersOf = remembered();
  const below = [lines, torch, words].map(({ node, draw }) => drawnInView(node, draw));
  const outer = frame("sw-explorer", "Explorer of one layer", goal.node, controls.node, main.node, own.node,
    steps.node, live.nodes, key.node, more.node, lines.node, torch.node, words.node);
  return {
    node: outer.node,
    stop() { [live, outer, main, torch, ...below].forEach((part) => part.stop()); steps.pause(); },
    draw(state, hovered, width) {
      const plans = axes(state).map(plan);
      const selection = select(plans, hovered ?? state.selected);
      const pool = state.layer !== "Conv2D";
      const { numbers, seen } = numbersOf(state, plans, selection);
      controls.refresh();
      more.refresh();
      main.draw(plans, selection, { counts: state.show_counts, pinned: state.pinned, pool, width,
        middleWidth: productsWidth(state.kernel_size),
        numbers: { input: numbers.images[numbers.channel], output: numbers.output, seen } });
      const sum = products.draw(state, plans, selection, numbers);
      own.draw(state, selection);
      key.draw(plans, { pool, counts: state.show_counts });
      steps.draw(selection, plans.map((axis) => axis.output));
      setHidden(torch.node, !state.pytorch || pool);
      below.forEach((panel) => panel.draw(plans, selection, state, width));
      goal.draw(state.goal, plans);
      live.say([...resultSentences(plans, pool), selectionSentence(selection)], sum);
    },
  };
}

/** The numbers of the present state, computed once, and the outputs that were shown. */
function remembered() {
  let shown = "";
  let numbers = null;
  let seen = new Set();
  return (state, plans, { kind, row, column }) => {
    const { selected, pinned, filled, show_counts, pytorch, locked, rectangular, goal, ...rest } = state;
    const wanted = JSON.stringify(rest);
    if (wanted !== shown) {
      numbers = layerNumbers(state, plans);
      seen = new Set();
    }
    shown = wanted;
    if (kind === "output") seen.add(row * plans[1].output + column);
    return { numbers, seen: filled ? null : seen };
  };
}

/** The windows in reading order, for stepping; `at` is -1 while a pixel is selected. */
function walk({ read, change }) {
  const sizes = () => axes(read()).map((axis) => plan(axis).output);
  return {
    count: () => sizes()[0] * sizes()[1],
    at() {
      const [kind, row, column] = read().selected;
      const [rows, columns] = sizes();
      if (kind !== "output") return -1;
      return Math.min(row, rows - 1) * columns + Math.min(column, columns - 1);
    },
    go(index) {
      const columns = sizes()[1];
      change({ selected: ["output", Math.floor(index / columns), index % columns] });
    },
  };
}

export default { render };
