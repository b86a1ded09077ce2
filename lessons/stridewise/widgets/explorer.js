/** Explorer: one convolution that can be changed, walked through and read. */

import { button, h, liveSentence, onceAtATime } from "./dom.js";
import { tickField } from "./controls.js";
import { explorerControls } from "./explorer_controls.js";
import { figure, legend, select } from "./figure.js";
import { numberLine } from "./numberline.js";
import { picturePanel, pictures } from "./picture.js";
import { clash, misfit, plan, symmetricPlan } from "./shapes.js";
import { stepper } from "./stepper.js";
import { kerasLine, parameterLine, resultSentence, selectionSentence, torchLine, working }
  from "./words.js";

const NAMES = ["input_size", "kernel_size", "strides", "padding", "dilation_rate", "channels",
  "filters", "rectangular", "show_counts", "pytorch", "mode", "image", "kernel", "own_kernel",
  "selected", "pinned", "locked"];

/** In image mode the digit's size and a 3 x 3 kernel stand in. */
function shown(state) {
  if (state.mode !== "image") return state;
  return { ...state, input_size: [state.image.length, state.image[0].length],
    kernel_size: [3, 3], channels: 1, filters: 1 };
}

/** Rows, then columns, each with the arguments of its axis. */
function axes(state) {
  return [0, 1].map((i) => ({ size: state.input_size[i], kernel_size: state.kernel_size[i],
    strides: state.strides[i], padding: state.padding, dilation_rate: state.dilation_rate[i] }));
}

/** Why Keras would not build this layer; "" if it would. A digit is large enough for any. */
function whyNot(state) {
  return axes(state).map(misfit).find(Boolean) || clash(state.strides, state.dilation_rate);
}

function render({ model, el }) {
  let hovered = null;
  const synced = () => Object.fromEntries(NAMES.map((name) => [name, model.get(name)]));
  const read = () => shown(synced());
  const change = (patch) => {
    const problem = whyNot({ ...synced(), ...patch });
    if (problem) return problem;
    Object.entries(patch).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
    return "";
  };
  const view = layout({ read, change }, {
    onPoint: (cell, keys) => {
      if (keys) change({ selected: cell, pinned: false });
      else if (!model.get("pinned")) { hovered = cell; redraw(); }
    },
    onLeave: () => { if (hovered) { hovered = null; redraw(); } },
    onPin: (cell) => {
      const off = model.get("pinned") && String(cell) === String(model.get("selected"));
      hovered = null;
      change({ selected: cell, pinned: !off });
    },
  });
  const redraw = onceAtATime(() => view.draw(read(), hovered));
  NAMES.forEach((name) => model.on(`change:${name}`, redraw));
  el.append(view.node);
  view.draw(read(), null);
  return () => {
    NAMES.forEach((name) => model.off(`change:${name}`, redraw));
    view.stop();
  };
}

/** All parts in their places; `draw` fills them from one state. */
function layout({ read, change }, handlers) {
  const controls = explorerControls({ read, change });
  const live = liveSentence();
  const main = figure(handlers);
  const key = legend();
  const steps = stepper(walk({ read, change }));
  const lines = numberLines("Where the windows begin");
  const panel = picturePanel({ read, write: change });
  const torch = torchPanel(handlers);
  const ticks = [
    ["mode", "try it on a digit", "image", "sizes"],
    ["show_counts", "show how often each pixel is read", true, false],
    ["pytorch", "lay PyTorch's padding beside it", true, false],
  ].map(([name, label, on, off]) => tickField({ label,
    read: () => read()[name] === on, write: (ticked) => change({ [name]: ticked ? on : off }) }));
  const words = wordsPanel();
  const node = h("div", { class: "sw sw-explorer", role: "group", "aria-label": "Explorer of one convolution" },
    controls.node, h("div", { class: "sw-ticks" }, ticks.map((tick) => tick.node)), live.nodes,
    main.node, key.node, steps.node, panel.node, lines.node, torch.node, words.node);
  return {
    node,
    stop() { live.stop(); steps.pause(); },
    draw(state, hovered) {
      const plans = axes(state).map(plan);
      const selection = select(plans, hovered ?? state.selected);
      const image = state.mode === "image" ? pictures(state, plans) : null;
      controls.refresh();
      ticks.forEach((tick) => tick.refresh());
      main.draw(plans, selection, { counts: state.show_counts, pinned: state.pinned,
        images: image?.images });
      key.draw(plans);
      steps.draw();
      lines.draw(plans, selection);
      panel.node.hidden = !image;
      if (image) panel.draw(state, selection, image);
      torch.draw(state, plans, selection);
      words.draw(state, plans);
      live.say(`${resultSentence(plans)} ${selectionSentence(selection)}`);
    },
  };
}

/** The windows in reading order, for stepping. */
function walk({ read, change }) {
  const sizes = () => axes(read()).map((axis) => plan(axis).output);
  return {
    count: () => sizes()[0] * sizes()[1],
    at() {
      const [kind, row, column] = read().selected;
      const [rows, columns] = sizes();
      if (kind !== "output") return 0;
      return Math.min(row, rows - 1) * columns + Math.min(column, columns - 1);
    },
    go(index) {
      const columns = sizes()[1];
      change({ selected: ["output", Math.floor(index / columns), index % columns] });
    },
  };
}

function numberLines(name) {
  const [rows, columns] = [numberLine(), numberLine()];
  const node = h("div", { class: "sw-lines-panel" }, rows.node, columns.node);
  return {
    node,
    draw(plans, selection) {
      const alike = String(plans[0].starts) === String(plans[1].starts) &&
        plans[0].size === plans[1].size;
      const chosen = selection.kind === "output"
        ? [[selection.row], [selection.column]]
        : [selection.rows, selection.columns];
      rows.node.hidden = alike; // the columns, along which one steps, stand for both
      columns.draw(plans[1], `${name}, ${alike ? "on both axes" : "columns"}`, chosen[1]);
      if (!alike) rows.draw(plans[0], `${name}, rows`, chosen[0]);
    },
  };
}

/** Equal shapes, other windows: the same layer with as many zeros before as after. */
function torchPanel(handlers) {
  const verdict = h("p", {});
  const code = h("code", {});
  const picture = figure(handlers, { alone: "PyTorch: " });
  const lines = numberLines("PyTorch's windows begin");
  const node = h("div", { class: "sw-torch" }, verdict, h("p", {}, code), picture.node, lines.node);
  return {
    node,
    draw(state, plans, selection) {
      node.hidden = !state.pytorch;
      if (!state.pytorch) return;
      const torch = axes(state).map(symmetricPlan);
      const own = select(torch, [selection.kind, selection.row, selection.column]);
      code.textContent = torchLine(state, plans);
      verdict.textContent = torchVerdict(plans, torch);
      picture.draw(torch, own, { counts: state.show_counts, pinned: state.pinned });
      lines.draw(torch, own);
    },
  };
}

function torchVerdict(plans, torch) {
  const sizes = torch.map((axis) => axis.output);
  if (torch.some((axis, i) => axis.output !== plans[i].output)) {
    return `An even window has no middle: PyTorch's equal zeros give ${sizes.join(" by ")}.`;
  }
  if (torch.every((axis, i) => String(axis.starts) === String(plans[i].starts))) {
    return "Here PyTorch's equal zeros give the same shape and the same windows.";
  }
  return `The same shape, ${sizes.join(" by ")}, from other windows: other numbers come out.`;
}

/** The working, the Keras line and the parameter count. */
function wordsPanel() {
  const formula = h("div", { class: "sw-formula" });
  const code = h("code", {});
  let worked = "";
  const copied = h("span", { class: "sw-note", role: "status" });
  const copy = button("Copy", async () => { copied.textContent = await copyText(code); });
  const parameters = h("p", { class: "sw-working-line" });
  const note = h("p", { class: "sw-note" },
    "Neither strides nor padding stands in it: they change the output, never the parameters.");
  const node = h("div", { class: "sw-words" }, h("p", { class: "sw-heading" }, "The size, worked out"), formula,
    h("p", { class: "sw-heading" }, "In Keras"), h("p", { class: "sw-code" }, code, " ", copy, copied),
    h("p", { class: "sw-heading" }, "Parameters"), parameters, note);
  return {
    node,
    draw(state, plans) {
      const [rows, columns] = plans.map(working);
      const now = JSON.stringify([rows, columns]);
      if (now !== worked) formula.replaceChildren(...workings(rows, columns));
      worked = now;
      const line = kerasLine(state);
      if (code.textContent !== line) { code.textContent = line; copied.textContent = ""; }
      parameters.textContent = parameterLine(state);
    },
  };
}

/** The lines of both axes, or once where they are alike. */
function workings(rows, columns) {
  const lines = (axis) => h("dl", {}, axis.flatMap(([term, line]) =>
    [h("dt", {}, term), h("dd", {}, line)]));
  if (JSON.stringify(rows) === JSON.stringify(columns)) return [lines(rows)];
  const name = (words) => h("p", { class: "sw-axis-name" }, words);
  return [name("Rows"), lines(rows), name("Columns"), lines(columns)];
}

/** Copy without asking for a permission that plain http pages are refused. */
async function copyText(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
  } catch {
    getSelection().selectAllChildren(element);
    if (!document.execCommand("copy")) return "Selected: copy it with Ctrl+C.";
  }
  return "Copied.";
}

export default { render };
