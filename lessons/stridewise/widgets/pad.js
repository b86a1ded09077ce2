/** A pad to draw a digit on, with a mouse, a finger, a pen, or the arrow keys and Space. */

import { KEYS, h, s } from "./dom.js";

const SIDE = 28; // units of the pad; a stroke is [x, y, x, y, …] in these
const PEN = 2.3; // the width of the pen
const NEAREST = 0.25; // between two points of a stroke that is drawn by hand
const MOST_POINTS = 5000;
const MARGIN = 1;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 4; // units, with Shift

/**
 * `changed(strokes)` is called when a stroke has ended, or one was taken away.
 * @returns {{node: Element, clear: Function, undo: Function, draw: (strokes: number[][]) => void}}
 */
export function drawingPad(changed) {
  const lines = s("g", { class: "sw-strokes" });
  const pen = s("circle", { class: "sw-pen", r: PEN / 2 });
  const sheet = s("svg", { class: "sw-pad", viewBox: `0 0 ${SIDE} ${SIDE}`, tabindex: 0, role: "application",
    "aria-label": "Drawing pad. Arrow keys move the pen; Space puts it down and lifts it; Backspace takes the last stroke away.",
    ...KEYS }, lines, pen);
  const said = h("p", { class: "sw-hidden", "aria-live": "polite" });
  const node = h("div", {}, sheet, said);
  let strokes = [];
  let line = null; // the polyline of the stroke that is being drawn
  let at = [SIDE / 2, SIDE / 4];
  let down = false; // the pen of the keyboard
  let timer = 0;

  const say = (words) => {
    clearTimeout(timer);
    timer = setTimeout(() => { said.textContent = words; }, 300);
  };
  const add = ([x, y]) => {
    const stroke = strokes.at(-1);
    if (strokes.reduce((sum, one) => sum + one.length, 0) > 2 * MOST_POINTS) return;
    stroke.push(rounded(x), rounded(y));
    line.setAttribute("d", lineOf(stroke));
  };
  const begin = (point) => {
    strokes = [...strokes, []];
    line = s("path", {});
    lines.append(line);
    add(point);
  };
  const end = () => {
    line = null;
    changed(strokes);
  };
  const draw = (next) => {
    strokes = next.map((stroke) => [...stroke]);
    lines.replaceChildren(...strokes.map((stroke) => s("path", { d: lineOf(stroke) })));
  };
  const placePen = () => {
    pen.setAttribute("cx", at[0]);
    pen.setAttribute("cy", at[1]);
    pen.classList.toggle("sw-down", down);
  };
  const lift = () => {
    if (!down) return;
    down = false;
    placePen();
    end();
  };
  const undo = () => {
    if (down || line || strokes.length === 0) return;
    draw(strokes.slice(0, -1));
    say("The last stroke is taken away.");
    changed(strokes);
  };

  const pointOf = (event) => {
    const frame = sheet.getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * SIDE, ((event.clientY - frame.top) / frame.height) * SIDE];
  };
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || line) return;
    lift();
    sheet.setPointerCapture(event.pointerId);
    begin(pointOf(event));
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!line || down) return;
    const [x, y] = pointOf(event);
    const [lastX, lastY] = strokes.at(-1).slice(-2);
    if (Math.hypot(x - lastX, y - lastY) >= NEAREST) add([x, y]);
  });
  for (const ending of ["pointerup", "pointercancel"]) {
    sheet.addEventListener(ending, () => { if (line && !down) end(); });
  }
  sheet.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (move) {
      const far = event.shiftKey ? FAR : 1;
      at = at.map((place, axis) => Math.min(Math.max(place + move[axis] * far, MARGIN), SIDE - MARGIN));
      if (down) add(at);
      say(`${down ? "Drawing, " : "Pen "}at column ${at[0]}, row ${at[1]} of ${SIDE}.`);
    } else if (event.key === " ") {
      if (down) lift();
      else {
        down = true;
        begin(at);
      }
      say(down ? "Pen down." : "Pen up.");
    } else if (event.key === "Backspace" || event.key === "Delete") undo();
    else return;
    event.preventDefault();
    event.stopPropagation();
    placePen();
  });
  sheet.addEventListener("blur", lift);
  placePen();
  return { node, undo, draw, clear: () => draw([]), stop: () => clearTimeout(timer) };
}

function rounded(number) {
  return Math.round(number * 100) / 100;
}

/** The path of a stroke; one point alone is a dot. */
function lineOf(stroke) {
  const points = [];
  for (let i = 0; i < stroke.length; i += 2) points.push(`${stroke[i]} ${stroke[i + 1]}`);
  return `M${points.join("L")}${points.length === 1 ? "h0" : ""}`;
}
