/** DigitExplorer: draw a digit, see what each network makes of it, and its feature maps. */

import { KEYS, button, frame, freshId, h, liveSentence, onceAtATime } from "./dom.js";
import { choiceField, numberField, tickField } from "./controls.js";
import { answerTable, answerWords } from "./answers.js";
import { gallery, mapFigure, mapNumbers, numberWords, paintPicture, pixelsFigure } from "./feature_maps.js";
import { mapProducts } from "./map_products.js";
import { drawingPad } from "./pad.js";

const DIGIT_NAMES = ["result", "missing", "real_digits"];
const WAIT = 20_000; // milliseconds; the first answer also measures the time
const BEGIN = "Draw a digit. With the keyboard: the arrow keys move the pen, Space puts it down and lifts it.";
const WORKING = "The networks look at it…";
const NO_NETWORKS = "Python is not running here, so no network can read the digit. " +
  "In a notebook, run this cell again.";
const POINT = "Point at a number of a map, or move to it with the Tab key and the arrow keys: " +
  "its value and the pixels that it depends on are shown.";
const LAYERS = ["first", "second", "third", "fourth", "fifth"];

function render({ model, el }) {
  let strokes = [];
  let real = null;
  let dark = false;
  let layer = 0;
  let filter = 0;
  let outlined = true;
  let marked = null; // the number of a map that is pointed at: network, row, column
  let timer = 0;
  let views = []; // the figures of each network, by the names they stand for
  let names = "";
  const decoded = new WeakMap(); // the numbers of each map that has come

  const answer = () => {
    const result = model.get("result");
    return result.number === model.get("asked").number ? result : {};
  };
  const networks = () => (answer().networks ?? []).filter((network) => network.map);
  const empty = () => strokes.length === 0 && !real;

  const pad = drawingPad((drawn) => {
    strokes = drawn;
    real = null;
    ask();
  });
  const clear = () => {
    pad.clear();
    strokes = [];
    real = null;
    ask();
  };
  const which = realChooser((digit) => {
    pad.clear();
    strokes = [];
    real = { digit, seed: Math.floor(Math.random() * 2 ** 31) };
    ask();
  });
  const inverted = tickField({ label: "give the networks black on white", read: () => dark,
    write: (on) => { dark = on; ask(); return ""; } });
  const layers = h("div", {});
  const filters = numberField({ label: "filter", min: 0, max: 31, read: () => filter,
    write: (value) => { filter = value; drawMaps(); return ""; } });
  const outline = tickField({ label: "outline the numbers that depend on zeros of the padding", read: () => outlined,
    write: (on) => { outlined = on; drawMaps(); return ""; } });
  const seen = h("canvas", { class: "sw-map-picture", role: "img", "aria-label": "The picture that the networks get" });
  const label = h("p", {});
  const live = liveSentence();
  const missing = h("ul", { class: "sw-missing" });
  const table = h("div", {});
  const figures = h("div", { class: "sw-map-row" });
  const galleries = h("div", { class: "sw-galleries" });
  const all = h("details", { class: "sw-more", toggle: () => drawMaps() },
    h("summary", { ...KEYS }, "All filters of this layer"), galleries);
  const number = liveSentence();
  const pixels = pixelsFigure();
  const products = mapProducts();
  const maps = h("div", {}, h("p", { class: "sw-heading" }, "Feature maps"),
    h("div", { class: "sw-map-fields" }, layers, filters.node, outline.node), figures, number.nodes, products.node,
    h("p", { class: "sw-note" }, "Each square is one number. All squares are of one size. Black is the smallest number of a map, white the largest."),
    all);
  const picture = h("figure", { class: "sw-map-figure sw-seen" }, h("div", { class: "sw-map-frame" }, seen),
    h("figcaption", {}, h("span", {}, "what the networks get: 28 × 28")));
  const outer = frame("sw-digit", "Draw a digit, and see what three networks make of it",
    h("div", { class: "sw-pad-and-answers" }, h("div", {}, pad.node,
      h("div", { class: "sw-presets" }, button("Undo", pad.undo), button("Clear", clear))),
    h("div", { class: "sw-beside" }, picture, label, which.node, inverted.node)),
    h("p", { class: "sw-note" }, "Your digit is scaled to fit 20 × 20 pixels, then moved until its centre of mass is in the middle of 28 × 28. " +
      "The digits of MNIST were made in the same way."),
    missing, live.nodes, table, maps);
  el.append(outer.node);

  /** Send what is on the pad; the answer carries the same number. */
  const ask = () => {
    clearTimeout(timer);
    const number = (model.get("asked").number ?? 0) + 1;
    model.set("asked", { number, strokes, real, dark, layer });
    model.save_changes();
    if (!empty() && !model.send) noKernel(); // a page, where no kernel can be
    else if (!empty()) timer = setTimeout(() => { if (answer().number === undefined) noKernel(); }, WAIT);
    draw();
  };
  const noKernel = () => live.say([NO_NETWORKS]);
  const drawMaps = () => {
    const found = networks();
    maps.hidden = found.length === 0;
    if (maps.hidden) return;
    const wanted = JSON.stringify(found.map(({ name, layers: own }) => [name, own]));
    if (wanted !== names) build(found);
    names = wanted;
    const most = Math.min(...found.map(({ map }) => map.shape[2])) - 1;
    filter = Math.min(filter, most);
    filters.refresh();
    const { picture: drawn } = answer();
    figures.style.setProperty("--columns", found.reduce((sum, { map }) => sum + map.shape[1], Math.sqrt(drawn.length)));
    figures.style.setProperty("--maps", found.length + 1);
    drawMarked(found, drawn);
    found.forEach(({ map }, i) => {
      views[i].figure.draw(map, numbersOf(map), filter, { outlined, place: marked?.at === i ? marked.place : null });
      if (all.open && views[i].drawn !== map) {
        views[i].gallery.draw(map, numbersOf(map));
        views[i].drawn = map;
      }
    });
  };
  /** The number that is pointed at: in words, and its pixels in the picture. */
  const drawMarked = (found, drawn) => {
    const map = found[marked?.at]?.map;
    if (!map) {
      pixels.draw(drawn, null);
      number.say([POINT]);
      products.hide();
      return;
    }
    marked.place = marked.place.map((index, axis) => Math.min(index, map.shape[axis] - 1));
    pixels.draw(drawn, marked.place.map((index, axis) => map.reads[axis][index]));
    const { name } = found[marked.at];
    number.say([numberWords(name, map, numbersOf(map), filter, marked.place)]);
    products.draw(name, map, drawn, { place: marked.place, filter, numbers: numbersOf(map) });
  };
  const numbersOf = (map) => {
    if (!decoded.has(map)) decoded.set(map, mapNumbers(map.values));
    return decoded.get(map);
  };
  const drawMapsOnce = onceAtATime(drawMaps);
  const build = (found) => {
    const choose = (chosen) => { filter = chosen; drawMaps(); };
    const mark = (at) => (...place) => { marked = { at, place: place.slice(0, 2) }; drawMapsOnce(); };
    views = found.map(({ name }, at) => ({ figure: mapFigure(name, mark(at)), gallery: gallery(name, choose) }));
    figures.replaceChildren(pixels.node, ...views.map((view) => view.figure.node));
    galleries.replaceChildren(...views.map((view) => view.gallery.node));
    const most = Math.min(...found.map((network) => network.layers.length));
    layers.replaceChildren(choiceField({ label: "layer",
      options: Array.from({ length: most }, (_, i) => [String(i), LAYERS[i] ?? String(i + 1)]),
      read: () => String(layer), write: (value) => { layer = Number(value); ask(); return ""; } }).node);
    layers.querySelector("select").value = String(layer);
  };
  const draw = () => {
    const result = answer();
    const shown = result.networks ?? [];
    which.node.hidden = model.get("real_digits") === 0;
    missing.replaceChildren(...model.get("missing").map((words) => h("li", {}, words)));
    missing.hidden = model.get("missing").length === 0;
    picture.hidden = !result.picture;
    if (result.picture) paintPicture(seen, result.picture);
    label.textContent = Number.isInteger(result.label) ? `A test image. Its label is ${result.label}.` : "";
    table.replaceChildren(...(shown.length ? [answerTable(shown)] : []));
    drawMaps();
    if (empty()) live.say([BEGIN]);
    else if (result.problem) live.say([result.problem]);
    else if (result.number !== undefined) live.say(shown.length ? shown.map(answerWords) : ["No network is there to look at it."]);
    else if (model.send) live.say([WORKING]);
  };
  const kept = model.get("asked");
  if (kept.number !== undefined) {
    ({ strokes = [], real = null, dark = false, layer = 0 } = kept);
    pad.draw(strokes);
    inverted.refresh();
  }
  outline.refresh();
  const redraw = onceAtATime(draw);
  DIGIT_NAMES.forEach((name) => model.on(`change:${name}`, redraw));
  draw();
  return () => {
    DIGIT_NAMES.forEach((name) => model.off(`change:${name}`, redraw));
    clearTimeout(timer);
    live.stop();
    number.stop();
    pad.stop();
    outer.stop();
  };
}

/** A list of digits, and a button that shows a test image of one. */
function realChooser(show) {
  const id = freshId("real");
  const select = h("select", { id, ...KEYS }, h("option", { value: "-1" }, "any"),
    Array.from({ length: 10 }, (_, digit) => h("option", { value: String(digit) }, String(digit))));
  const node = h("div", { class: "sw-add" }, h("label", { for: id }, "or a test image of"), select,
    button("Show one", () => show(Number(select.value))));
  return { node };
}

export default { render };
