/** The receptive field of one number of a layer, drawn as a cone through the layers below it. */

import { KEYS, freshId, h, keptChildren, minus, plural, s, setAttribute, setHidden, setText } from "./dom.js";
import { keptPaths } from "./kept_paths.js";
import { layerAxes, slides, stackRows } from "./stack_rules.js";
import { plan, windowPixels, windowWidth } from "./shapes.js";

/**
 * The layers of maps along one side, the image first. `jump` and `origin` give the place of a
 * number over the image: its middle is `origin + index * jump`, in pixels.
 * @returns {{name: string, size: number, axis: object | null, jump: number, origin: number}[]}
 */
export function mapLayers(stack) {
  const levels = [{ name: "image", size: stack.input_shape[1], axis: null, jump: 1, origin: 0.5 }];
  for (const row of stackRows(stack)) {
    if (row.shape?.length !== 3 || row.layer.type.startsWith("Global")) break;
    const below = levels.at(-1);
    const sizes = row.layer.pool_size ?? row.layer.kernel_size;
    const axis = slides(row.layer) ? plan(layerAxes(row.layer, sizes, row.input)[1]) : null;
    const middle = axis ? (windowWidth(axis) - 1) / 2 - axis.before : 0;
    levels.push({ name: row.layer.name, size: row.shape[1], axis,
      jump: below.jump * (axis?.strides ?? 1), origin: below.origin + middle * below.jump });
  }
  return levels;
}

/** For each level from the image up to `level`, which indices number `index` there depends on. */
export function coneOf(levels, level, index) {
  const seen = [new Set([index])];
  for (let at = level; at > 0; at -= 1) {
    const { axis } = levels[at];
    const above = [...seen[0]];
    const next = axis ? above.flatMap((i) => windowPixels(axis, i * axis.strides - axis.before)) : above;
    seen.unshift(new Set(next));
  }
  return seen;
}

/** How many pixels of a line one number of the last map sees; zeros round the image count. */
export function fieldOf(levels) {
  return levels.slice(1).reduce((field, { axis }, at) =>
    field + (axis ? (windowWidth(axis) - 1) * levels[at].jump : 0), 1);
}

/** A sentence about what is seen of the image; zeros round it count, as in the receptive field. */
export function coneWords(levels, level, index) {
  const seen = [...coneOf(levels, level, index)[0]];
  const [first, last] = [Math.min(...seen), Math.max(...seen)];
  const outside = seen.filter((pixel) => pixel < 0 || pixel >= levels[0].size).length;
  const gaps = last - first + 1 - seen.length;
  return `Number ${index} of ${levels[level].name} sees ${plural(last - first + 1, "pixel")} of a line, ` +
    `${minus(first)} to ${minus(last)}` +
    `${outside ? `; ${outside} of them ${outside === 1 ? "is" : "are"} zeros of the padding` : ""}` +
    `${gaps ? `; it skips ${gaps} of them` : ""}.`;
}

const LANE_HEIGHT = 2.2; // of one layer, in pixels of the image; more for a wide image

/**
 * The panel: a layer to choose, a number in it, the cone. `read` gives the stack.
 * It is a section that opens on a click; with `open` it is always open.
 */
export function conePanel(read, { open = false } = {}) {
  const [layerId, placeId] = [freshId("level"), freshId("place")];
  const layer = h("select", { id: layerId, ...KEYS });
  const place = h("input", { id: placeId, type: "range", min: 0, step: 1, ...KEYS });
  const drawing = s("svg", { class: "sw-cone", "aria-hidden": "true" });
  const drawPaths = keptPaths(drawing);
  const lanes = h("div", { "aria-hidden": "true" });
  const picture = h("div", { class: "sw-cone-frame" }, drawing, lanes);
  const words = h("p", { class: "sw-sentence", role: "status" });
  const title = "What one number sees of the image";
  const node = h(open ? "div" : "details", open ? {} : { class: "sw-more" },
    open ? h("p", { class: "sw-heading" }, title) : h("summary", { ...KEYS }, title),
    h("p", { class: "sw-cone-fields" }, h("span", {}, h("label", { for: layerId }, "layer"), layer),
      h("span", {}, h("label", { for: placeId }, "number"), place)), picture, words);
  let names = "";
  let chosen = "";
  let drawn = "";

  const draw = () => {
    const levels = mapLayers(read());
    setHidden(node, levels.length < 2);
    if (node.hidden || !(open || node.open)) return;
    if (names !== levels.map(({ name }) => name).join()) {
      names = levels.map(({ name }) => name).join();
      layer.replaceChildren(...levels.slice(1).map(({ name }) => h("option", { value: name }, name)));
      layer.value = levels.some(({ name }) => name === chosen) ? chosen : levels.at(-1).name;
    }
    chosen = layer.value;
    const level = levels.findIndex(({ name }) => name === chosen);
    place.max = levels[level].size - 1;
    const index = Math.min(Number(place.value), levels[level].size - 1);
    const wanted = JSON.stringify([levels, level, index]);
    if (wanted !== drawn) paintCone({ drawing, drawPaths, lanes, picture }, levels, coneOf(levels, level, index));
    drawn = wanted;
    setText(words, coneWords(levels, level, index));
  };
  const begin = () => {
    const top = mapLayers(read()).at(-1);
    place.max = top.size - 1;
    place.value = Math.floor(top.size / 2);
  };
  if (open) begin();
  node.addEventListener("toggle", () => {
    if (node.open && !chosen) begin();
    draw();
  });
  layer.addEventListener("input", draw);
  place.addEventListener("input", draw);
  drawing.addEventListener("click", (event) => {
    const frame = drawing.getBoundingClientRect();
    const box = drawing.viewBox.baseVal;
    const levels = mapLayers(read());
    const y = ((event.clientY - frame.top) / frame.height) * box.height + box.y;
    const at = levels.length - 1 - Math.floor((y / box.height) * levels.length);
    if (at < 1 || at >= levels.length) return;
    const x = ((event.clientX - frame.left) / frame.width) * box.width + box.x;
    layer.value = levels[at].name;
    chosen = layer.value;
    place.max = levels[at].size - 1;
    place.value = Math.min(Math.max(Math.round((x - levels[at].origin) / levels[at].jump), 0), levels[at].size - 1);
    draw();
  });
  return { node, draw };
}

/** The image at the bottom, each layer above the one that it reads; what is seen is filled. */
function paintCone({ drawing, drawPaths, lanes, picture }, levels, seen) {
  const ends = seen.flatMap((set, at) => [...set].map((i) => levels[at].origin + i * levels[at].jump));
  const [left, right] = [Math.min(0, ...ends) - 1, Math.max(levels[0].size, ...ends) + 1];
  const lane = Math.max(LANE_HEIGHT, (right - left) / 13);
  const y = (at) => (levels.length - 1 - at) * lane;
  const cell = ({ origin, jump }, i, at) => {
    const width = Math.min(jump, 3) * 0.8;
    return `M${origin + i * jump - width / 2} ${y(at) + 0.14 * lane}h${width}v${0.36 * lane}h${-width}z`;
  };
  const all = levels.map((level, at) =>
    Array.from({ length: level.size }, (_, i) => cell(level, i, at)).join("")).join("");
  const filled = seen.map((set, at) => [...set].map((i) => cell(levels[at], i, at)).join("")).join("");
  const edge = (pick) => seen.map((set, at) =>
    `${levels[at].origin + pick([...set]) * levels[at].jump} ${y(at) + 0.32 * lane}`).join("L");
  setAttribute(drawing, "viewBox", `${left} 0 ${right - left} ${levels.length * lane}`);
  picture.style.setProperty("--columns", right - left);
  drawPaths([
    { class: "sw-cone-cells", d: all },
    { class: "sw-cone-seen", d: filled },
    { class: "sw-cone-edge", d: `M${edge((i) => Math.min(...i))}M${edge((i) => Math.max(...i))}` },
  ]);
  // The names are no part of the drawing, which a narrow page makes smaller.
  keptChildren(lanes, levels.length, () => h("span", { class: "sw-cone-name" })).forEach((label, at) => {
    setText(label, `${levels[at].name}: ${levels[at].size}`);
    label.style.top = `${(100 * (y(at) + 0.53 * lane)) / (levels.length * lane)}%`;
  });
}
