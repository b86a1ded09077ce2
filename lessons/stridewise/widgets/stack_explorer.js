/** StackExplorer: a whole network, its sizes and its parameters, and a second one beside it. */

import { frame, h, liveSentence, onceAtATime, plural, setHidden, thousands } from "./dom.js";
import { tickField } from "./controls.js";
import { percent, shapeWords } from "./stack_card.js";
import { stackColumn } from "./stack_column.js";
import { goalPanel } from "./stack_goal.js";
import { stackRows, stackTotal } from "./stack_rules.js";

const STACK_NAMES = ["stacks", "presets", "locked", "dilation", "cone", "goal"];

/** A stack in one sentence. */
function stackSentence({ input_shape, layers }, rows) {
  if (rows.length === 0) return `${shapeWords(input_shape)} in, and no layer yet.`;
  const stuck = rows.find((row) => row.problem);
  if (stuck) return `It cannot be built: ${stuck.layer.name}, because ${stuck.problem.why}.`;
  const total = stackTotal(rows);
  const heaviest = rows.reduce((most, row) => (row.parameters > most.parameters ? row : most));
  return `${shapeWords(input_shape)} in, ${plural(layers.length, "layer")}, ` +
    `${shapeWords(rows.at(-1).shape)} out: ${thousands(total)} parameters, ` +
    `${total ? `${percent(heaviest.parameters, total)} of them in ${heaviest.layer.name}` : "nothing to learn"}.`;
}

function render({ model, el }) {
  const stacks = () => model.get("stacks");
  const write = (next) => {
    model.set("stacks", next);
    model.save_changes();
  };
  const columns = [0, 1].map((i) => stackColumn({
    read: () => stacks()[i] ?? stacks()[0],
    write: (stack) => write(stacks().map((old, j) => (i === j ? stack : old))),
    presets: () => model.get("presets"),
    locked: () => model.get("locked"),
    dilation: () => model.get("dilation"),
    seen: () => model.get("cone") !== false,
  }));
  const beside = tickField({
    label: "show a second network beside it",
    read: () => stacks().length === 2,
    write: (on) => write(on ? [stacks()[0], another(model)] : [stacks()[0]]),
  });
  const live = liveSentence();
  const goal = goalPanel();
  const scale = h("p", { class: "sw-note" }, 
    "Each bar is a layer's parameters, all on one scale; the percentage is its share of its network.");
  const pair = h("div", { class: "sw-columns" }, columns.map((column) => column.node));
  const outer = frame("sw-stack", "Explorer of a network",
    h("div", { class: "sw-ticks" }, beside.node), goal.node, live.nodes, pair, scale);
  el.append(outer.node);

  const draw = () => {
    const rows = stacks().map(stackRows);
    const most = Math.max(1, ...rows.flat().map((row) => row.parameters ?? 0));
    setHidden(columns[1].node, stacks().length < 2);
    stacks().forEach((_, i) => columns[i].draw(rows[i], most));
    beside.refresh();
    goal.draw(model.get("goal"), rows[0], stacks()[0]);
    live.say(stacks().map((stack, i) => (i ? "Beside it: " : "") + stackSentence(stack, rows[i])));
    columns.forEach((column) => column.focus());
  };
  const redraw = onceAtATime(draw);
  STACK_NAMES.forEach((name) => model.on(`change:${name}`, redraw));
  draw();
  return () => {
    STACK_NAMES.forEach((name) => model.off(`change:${name}`, redraw));
    live.stop();
    outer.stop();
  };
}

/** A preset other than the one shown. */
function another(model) {
  const shown = JSON.stringify(model.get("stacks")[0].layers);
  const presets = model.get("presets");
  return presets.find((preset) => JSON.stringify(preset.layers) !== shown) ?? presets[0];
}

export default { render };
