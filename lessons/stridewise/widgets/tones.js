/**
 * The shades of a grid's cells as a small picture, a pixel for each cell, which the browser enlarges.
 * That costs it a fraction of what paths over the cells cost. On paper there are paths: they stay
 * sharp, and have the colours that the style sheets give to paper.
 */

import { h, s } from "./dom.js";
import { keptPaths } from "./kept_paths.js";
import { sheetPaths } from "./shading.js";

const OPAQUE = 255;
const LEAST_SIDE = 32; // cells that a picture holds at least: to make it larger or smaller makes a browser wait

/**
 * @typedef {{size: number[], ground: string, grey: Sheet, blue: Sheet}} Tones rows and columns, the
 *   class of the ground, a sheet in the colour of the text and a blue one over it
 *
 * @returns {{picture: Element, paths: Element, draw: (tones: Tones) => Tones, stop: () => void}}
 *   `picture` belongs below the drawing, `paths` is its lowest part
 */
export function toneLayer() {
  const canvas = h("canvas", { width: LEAST_SIDE, height: LEAST_SIDE });
  const picture = h("div", { class: "sw-tones", "aria-hidden": "true" }, canvas);
  const group = s("g");
  const drawPaths = keptPaths(group);
  let shown = null;
  let colours = null; // while they are not known
  let hidden = true;
  let onPaper = false;
  const paint = () => {
    colours ??= coloursOf(picture);
    if (shown && colours) paintTones(canvas, shown, colours);
  };
  const toPaper = ({ type }) => {
    onPaper = type === "beforeprint";
    drawPaths(onPaper && shown ? pathsOf(shown) : []);
  };
  const repaint = () => {
    const now = coloursOf(picture);
    if (now?.every((colour, i) => colour === colours?.[i])) return;
    colours = now;
    paint();
  };
  // The style sheet makes each new colour a transition, so a new theme is heard of; but not while all is hidden.
  picture.addEventListener("transitionend", repaint);
  const watch = new ResizeObserver(([{ contentRect }]) => {
    if (hidden && contentRect.width > 0) repaint();
    hidden = contentRect.width === 0;
  });
  watch.observe(picture);
  ["beforeprint", "afterprint"].forEach((type) => window.addEventListener(type, toPaper));
  return {
    picture,
    paths: group,
    draw(tones) {
      shown = tones;
      paint();
      if (onPaper) drawPaths(pathsOf(shown));
      return tones;
    },
    stop() {
      watch.disconnect();
      ["beforeprint", "afterprint"].forEach((type) => window.removeEventListener(type, toPaper));
    },
  };
}

function pathsOf({ size: [height, width], ground, grey, blue }) {
  return [{ class: ground, d: `M0 0h${width}v${height}h${-width}z` },
    ...sheetPaths("sw-grey", grey, [height, width]), ...sheetPaths("sw-shade", blue, [height, width])];
}

/** The colours of the text and of the blue, each red, green, blue and alpha; null outside a page. */
function coloursOf(picture) {
  const { color, outlineColor } = getComputedStyle(picture);
  return color ? [color, outlineColor].map(bytesOf) : null;
}

const bytesBefore = new Map(); // to read a pixel back makes a browser wait

function bytesOf(colour) {
  if (!bytesBefore.has(colour)) {
    const context = h("canvas", { width: 1, height: 1 }).getContext("2d");
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    bytesBefore.set(colour, context.getImageData(0, 0, 1, 1).data);
  }
  return bytesBefore.get(colour);
}

/** Put the blue over the grey, cell by cell. What the picture holds beyond the cells is cut off. */
function paintTones(canvas, { size: [height, width], grey, blue }, [text, shade]) {
  if (canvas.width < width) canvas.width = width;
  if (canvas.height < height) canvas.height = height;
  const mixed = mixtures(grey, blue, [text, shade]);
  const apart = blue.steps + 1;
  const pixels = new Uint32Array(canvas.height * canvas.width);
  for (let y = 0, cell = 0; y < height; y += 1) {
    for (let x = 0, at = y * canvas.width; x < width; x += 1, at += 1, cell += 1) {
      pixels[at] = mixed[grey.cells[cell] * apart + blue.cells[cell]];
    }
  }
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer), canvas.width);
  // Kept in main memory: for so small a picture that is faster than the memory of a graphics card.
  canvas.getContext("2d", { willReadFrequently: true }).putImageData(image, 0, 0);
  canvas.style.width = `${(100 * canvas.width) / width}%`;
  canvas.style.height = `${(100 * canvas.height) / height}%`;
}

/** The colour of each step of the grey under each step of the blue, as a canvas keeps it. */
function mixtures(grey, blue, [text, shade]) {
  const colours = new Uint32Array((grey.steps + 1) * (blue.steps + 1));
  const bytes = new Uint8ClampedArray(colours.buffer);
  for (let at = 0; at < colours.length; at += 1) {
    const step = at % (blue.steps + 1);
    const over = ((blue.most * step) / blue.steps) * (shade[3] / OPAQUE);
    const under = ((grey.most * (at - step)) / (blue.steps + 1) / grey.steps) * (text[3] / OPAQUE) * (1 - over);
    const part = over / (under + over || 1);
    for (let i = 0; i < 3; i += 1) bytes[4 * at + i] = text[i] + (shade[i] - text[i]) * part;
    bytes[4 * at + 3] = (under + over) * OPAQUE;
  }
  return colours;
}
