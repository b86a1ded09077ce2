/** What helps after a wrong answer, in two steps: a picture of that answer, then a hint. */

import { h, plural } from "./dom.js";
import { numberLine } from "./numberline.js";
import { misfit, outputSize, plan, windowStarts, windowWidth } from "./shapes.js";

const MOST_DRAWN = 40; // windows

const HINTS = {
  size: (asked) => sizeHint(axisOf(asked.layers[0], asked.input_shape[0])),
  stack: () => "Go layer by layer: each layer reads the size that the layer before it gives.",
  zeros: () => "First find the output size: the size divided by the strides, rounded up. Then place the " +
    "last window: how far does it go past the image? An odd zero goes after.",
  parameters: ({ input_shape, layers: [{ kernel_size }] }) =>
    `One filter has ${[...kernel_size, input_shape[2]].join(" · ")} weights and 1 bias. ` +
    "Multiply their sum by the number of filters.",
};

function oneFilter({ input_shape, layers: [{ kernel_size, filters }] }) {
  return `One filter has a weight for each of the ${kernel_size.join(" · ")} pixels of its window, in ` +
    `${input_shape[2] === 1 ? "one channel" : `each of ${input_shape[2]} channels`}, and one bias. ` +
    `There are ${plural(filters, "filter")}.`;
}

/** One sentence on the way to the right answer. */
export function hint(asked) {
  return HINTS[asked.topic](asked);
}

function sizeHint({ padding, strides }) {
  return padding === "same"
    ? "“same” gives the size divided by the strides, rounded up. The kernel does not matter."
    : `How many steps of ${strides} fit between the first window and the end? Then count the first window too.`;
}

function axisOf({ kernel_size, strides, padding, dilation_rate }, size) {
  return { size, kernel_size: kernel_size[0], strides: strides[0], padding,
    dilation_rate: dilation_rate[0] };
}

/** The windows or the zeros that the answer says, drawn; a sentence alone where nothing can be. */
export function pictureOfAnswer(asked, answer) {
  if (asked.topic === "parameters") return [h("p", {}, oneFilter(asked))];
  if (asked.topic === "zeros") return zerosPicture(axisOf(asked.layers[0], asked.input_shape[0]), answer);
  const at = firstSlip(asked, answer);
  if (at === null) return [h("p", {}, "The sizes are right. Flatten lays every number of every map in one line.")];
  const axis = axisOf(asked.layers[at.layer], at.size);
  const name = asked.topic === "stack" ? `layer ${at.layer + 1}, ` : "";
  return windowsPicture(axis, answer[at.layer], name);
}

/** The first layer whose size is wrong, given the student's own size before it. */
function firstSlip({ input_shape, layers }, answer) {
  let size = input_shape[0];
  for (let layer = 0; layer < layers.length && layers[layer].type === "Conv2D"; layer += 1) {
    const axis = axisOf(layers[layer], size);
    if (size < 1 || misfit(axis) || outputSize(axis) !== answer[layer]) return { layer, size };
    size = answer[layer];
  }
  return null;
}

function windowsPicture(axis, count, name) {
  if (axis.size < 1 || misfit(axis)) return [h("p", {}, `${name}no window fits in your ${axis.size}.`)];
  const right = plan(axis);
  const end = right.size + right.after;
  if (count < 1 || count > MOST_DRAWN) return [h("p", {}, `That would be ${plural(count, "window")}. Can that be right?`)];
  const starts = windowStarts(axis, right.before, count);
  const last = starts.at(-1) + windowWidth(axis);
  const room = Math.floor((end - last) / axis.strides);
  const verdict = last > end
    ? `The last one ends ${plural(last - end, "pixel")} past ${right.after ? "the zeros" : "the image"}.`
    : `After the last one there is room for ${plural(room, "more step")}.`;
  return drawn({ ...right, starts, output: count }, `Your ${plural(count, "window")}, ${name}drawn`, verdict);
}

function zerosPicture(axis, [before, after]) {
  if (before + after > MOST_DRAWN) return [h("p", {}, `That would be ${before + after} zeros. Can that be right?`)];
  const room = axis.size + before + after - windowWidth(axis);
  const count = room < 0 ? 0 : Math.floor(room / axis.strides) + 1;
  const starts = windowStarts(axis, before, count);
  const left = count ? room - (count - 1) * axis.strides : 0;
  const rest = left ? `, and ${plural(left, "pixel")} left over at the end` : "";
  return drawn({ ...plan(axis), before, after, starts, output: count }, "Your zeros, drawn",
    `With them ${plural(count, "window")} fit${count === 1 ? "s" : ""}${rest}. ` +
    `“same” needs ${axis.size} / ${axis.strides} windows, rounded up.`);
}

function drawn(axis, title, verdict) {
  const line = numberLine();
  line.draw(axis, title, [], verdict);
  return [line.node];
}
