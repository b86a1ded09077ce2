/** Small helpers to make elements; text is always set as text, never parsed as HTML. */

const SVG = "http://www.w3.org/2000/svg";
let ids = 0;

/** An id that no other widget on the page uses. */
export function freshId(stem) {
  ids += 1;
  return `sw-${stem}-${Date.now().toString(36)}-${ids}`;
}

/** An HTML element: `h("p", { class: "note" }, "text", child)`. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function s(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(2).filter((child) => child != null && child !== false && child !== ""));
  return element;
}

/** A button that JupyterLab's shortcuts leave alone. */
export function button(label, onClick, attributes = {}) {
  return h("button", { type: "button", ...KEYS, click: onClick, ...attributes }, label);
}

/** JupyterLab takes arrow keys and letters unless the focused element itself carries this. */
export const KEYS = { "data-lm-suppress-shortcuts": "true" };

/** 3211392 as 3,211,392, in every locale. */
export function thousands(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 pixel", "2 pixels". */
export function plural(count, noun) {
  return `${thousands(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Call `draw` once, however many changes one event makes. */
export function onceAtATime(draw) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      draw();
    });
  };
}

/** A sentence that is seen at once, and spoken when it has stood still for a moment. */
export function liveSentence() {
  const seen = h("p", { class: "sw-sentence", "aria-hidden": "true" });
  const spoken = h("p", { class: "sw-hidden", "aria-live": "polite" });
  let timer = 0;
  return {
    nodes: [seen, spoken],
    say(sentence) {
      if (seen.textContent === sentence) return;
      seen.textContent = sentence;
      clearTimeout(timer);
      timer = setTimeout(() => { spoken.textContent = sentence; }, 300);
    },
    stop: () => clearTimeout(timer),
  };
}
