/** Practice questions without end: the same seed, number and level give the same question. */

import { misfit, outputSize, padWidths, plan, windowWidth } from "./shapes.js";
import { convolutionParameters, parameterLine, working } from "./words.js";

/** Mulberry32: 32 bits of state are plenty for questions. */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TRIES = 500;
const KERNELS_AT = { 1: [2, 3, 4, 5], 2: [2, 3, 4, 5], 3: [2, 3, 4, 5, 6, 7] };
const SIZES_AT = { 1: [5, 13], 2: [8, 20], 3: [9, 32] };
const FILTERS = [5, 6, 10, 12, 20]; // no layer of the lessons that is graded has as many
const CHANNELS_AT = { 1: [1, 3], 2: [1, 3, 8], 3: [3, 16, 32, 64] };

/**
 * @param {{seed: number, number: number, level: number, topics: string[], paddings: string[],
 *          max_strides: number, max_dilation: number, avoid_sizes: number[], item?: object}} settings
 */
export function question(settings) {
  const { seed, number, level, topics, avoid_sizes } = settings;
  const random = generator(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b) ^ level);
  const draw = drawing(random);
  const follows = fits(settings.item, settings);
  const topic = follows ? "size" : wanted(settings) ?? draw.one(topics);
  let drawn = follows ? followUp(draw, settings) : null;
  for (let i = 0; i < TRIES && !follows; i += 1) {
    const next = chain(draw, topic, settings);
    if (next.some((layer) => misfit(layer.axis))) continue;
    drawn = next;
    const sizes = next.flatMap(({ axis }) => [axis.size, outputSize(axis)]);
    const fair = sizes.every((size) => size > 1 && !avoid_sizes.includes(size));
    if (fair && (telling(next) || i > TRIES / 2)) break;
  }
  const asks = ASKS[topic](drawn, level);
  const flatten = asks.length > drawn.length && topic === "stack"
    ? [{ type: "Flatten", name: "flatten" }] : [];
  const again = (follows || topic === wanted(settings)) && settings.item.again === true;
  return { number, level, topic, follows, again, input_shape: [drawn[0].axis.size, drawn[0].axis.size,
    drawn[0].channels], layers: [...drawn.map(kerasLayer), ...flatten], asks };
}

/** The topic that an item asks for without saying which question; undefined where it does not. */
function wanted({ number, topics, item }) {
  return item?.number === number && topics.includes(item.topic) ? item.topic : undefined;
}

/** Whether an item is for this question, and within what practice may ask about. */
export function fits(item, { number, topics, paddings, max_strides, avoid_sizes }) {
  return item?.number === number && topics.includes("size") && paddings.includes(item.padding) &&
    item.strides <= max_strides && !misfit(item) &&
    ![item.size, outputSize(item)].some((size) => avoid_sizes.includes(size));
}

/**
 * Whether the layers show how a size is rounded: where the strides fit exactly, right and wrong rules
 * give the same number.
 */
function telling(layers) {
  const exact = ({ size, strides, padding, ...rest }) => strides > 1 &&
    (padding === "same" ? size : size - windowWidth(rest)) % strides === 0;
  return layers.some(({ axis }) => !exact(axis));
}

function followUp(draw, { level, item }) {
  const { size, kernel_size, strides, padding, dilation_rate } = item;
  return [{ channels: draw.one(CHANNELS_AT[level]), filters: draw.one(FILTERS),
    axis: { size, kernel_size, strides, padding, dilation_rate } }];
}

function drawing(random) {
  const between = (low, high) => low + Math.floor(random() * (high - low + 1));
  return { between, one: (values) => values[between(0, values.length - 1)] };
}

/** One layer, or three of which each takes what the one before it makes. */
function chain(draw, topic, settings) {
  const size = draw.between(...SIZES_AT[settings.level]);
  const first = convolution(draw, topic, settings, size, draw.one(CHANNELS_AT[settings.level]));
  const layers = [first];
  while (topic === "stack" && layers.length < 3) {
    const { axis, filters } = layers.at(-1);
    if (misfit(axis)) break; // it will be drawn again
    layers.push(convolution(draw, topic, settings, outputSize(axis), filters));
  }
  return layers;
}

function convolution(draw, topic, { level, max_strides, max_dilation, paddings }, size, channels) {
  const strides = level === 1 && topic !== "zeros" ? 1 : draw.between(1, max_strides);
  const dilation_rate = strides === 1 && topic !== "parameters" ? draw.between(1, max_dilation) : 1;
  const padding = topic === "zeros" ? "same" : draw.one(paddings);
  const kernel_size = draw.one(topic === "stack" ? [3, 3, level + 2] : KERNELS_AT[level]);
  return { channels, filters: draw.one(FILTERS),
    axis: { size, kernel_size, strides, padding, dilation_rate } };
}

/** The layer by Keras's arguments, as Python reads it back. */
function kerasLayer({ axis, filters }, i) {
  const { kernel_size, strides, padding, dilation_rate } = axis;
  return { type: "Conv2D", name: i ? `conv2d_${i}` : "conv2d", filters,
    kernel_size: [kernel_size, kernel_size], strides: [strides, strides], padding,
    dilation_rate: [dilation_rate, dilation_rate], use_bias: true };
}

/** What each topic asks: a label, the right value, and the lines of its working. */
const ASKS = {
  size: ([layer]) => [ask("pixels a side after the layer", outputSize(layer.axis), layer.axis)],
  zeros: ([layer]) => {
    const { before, after } = padWidths(layer.axis);
    return [ask("zeros before, on each axis", before, layer.axis),
      ask("zeros after, on each axis", after, null)];
  },
  parameters: ([{ axis, channels, filters }]) => {
    const layer = { kernel_size: [axis.kernel_size, axis.kernel_size], channels, filters };
    return [{ label: "parameters of the layer", right: convolutionParameters(layer),
      working: [["parameters", parameterLine(layer)]] }];
  },
  stack: (layers, level) => {
    const sizes = layers.map(({ axis }, i) =>
      ask(`pixels a side after layer ${i + 1}`, outputSize(axis), axis));
    if (level < 3) return sizes;
    const [side, filters] = [outputSize(layers[2].axis), layers[2].filters];
    return [...sizes, { label: "values after Flatten", right: side * side * filters,
      working: [["Flatten", `${side} · ${side} · ${filters} = ${side * side * filters}`]] }];
  },
};

function ask(label, right, axis) {
  return { label, right, working: axis ? working(plan(axis)) : [] };
}
