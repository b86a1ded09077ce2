/** The Explorer and the network builder, as in the lessons. */

import explorer from "../widgets/explorer.js";
import stackExplorer from "../widgets/stack_explorer.js";
import { clash, misfit } from "../widgets/shapes.js";
import { pageModel } from "../widgets/page.js";
import { hashOf, whole, word } from "./links.js";

const PADDINGS = ["valid", "same"];

/** The Explorer's arguments in a link; those that Keras would refuse together are left out. */
function explorerState(values, base) {
  const at = (name, low, high, now) => whole(values, name, low, high, now);
  const state = { size: at("input", 1, 32, base.input_size[0]), kernel_size: at("kernel", 1, 11, base.kernel_size[0]),
    strides: at("strides", 1, 8, base.strides[0]), padding: word(values, "padding", PADDINGS, base.padding),
    dilation_rate: at("dilation", 1, 4, base.dilation_rate[0]) };
  if (misfit(state) || clash([state.strides], [state.dilation_rate])) return base;
  const both = (value) => [value, value];
  return { ...base, input_size: both(state.size), kernel_size: both(state.kernel_size),
    strides: both(state.strides), padding: state.padding, dilation_rate: both(state.dilation_rate) };
}

export function explorerPage({ place, values, states }) {
  const model = pageModel(explorerState(values, states.explorer));
  const leave = explorer.render({ model, el: place });
  const link = () => hashOf("explorer", { input: model.get("input_size")[0],
    kernel: model.get("kernel_size")[0], strides: model.get("strides")[0],
    padding: model.get("padding"), dilation: model.get("dilation_rate")[0] });
  return { leave, link };
}

export function networkPage({ place, values, states }) {
  const presets = states.network.presets;
  const named = word(values, "preset", presets.map((one) => one.name), presets[0].name);
  const first = presets.find((one) => one.name === named);
  const model = pageModel({ ...states.network, stacks: [first] });
  const leave = stackExplorer.render({ model, el: place });
  return { leave, link: () => hashOf("network", { preset: model.get("stacks")[0].name }) };
}
