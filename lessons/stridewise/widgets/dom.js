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

/** Set an element's text. The same text is left alone, and its node is kept: a new one costs a browser more. */
export function setText(element, words) {
  const { firstChild } = element;
  if (firstChild?.nodeType === Node.TEXT_NODE && element.childNodes.length === 1) {
    if (firstChild.data !== words) firstChild.data = words;
  } else if (element.textContent !== words) element.textContent = words;
}

/** Set the value of a field; the same value again would cost the browser as much as another. */
export function setValue(field, value) {
  if (field.value !== String(value)) field.value = value;
}

/** Hide an element or show it; where nothing changes, no style is worked out again. */
export function setHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/** Make `nodes` the children of `parent`. Those that are in their places are not touched: they keep the focus. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  [...parent.children].forEach((child) => { if (!wanted.has(child)) child.remove(); });
  nodes.forEach((node, i) => {
    if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null);
  });
}

/** Set an attribute; the same value again would cost the browser as much as another. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Give `parent` `count` children and return them. Those that are there are kept: new ones cost a browser more. */
export function keptChildren(parent, count, make) {
  while (parent.childElementCount > count) parent.lastElementChild.remove();
  while (parent.childElementCount < count) parent.append(make());
  return [...parent.children];
}

/** A button that JupyterLab's shortcuts leave alone. */
export function button(label, onClick, attributes = {}) {
  return h("button", { type: "button", ...KEYS, click: onClick, ...attributes }, label);
}

/** JupyterLab takes arrow keys and letters unless the focused element itself carries this. */
export const KEYS = { "data-lm-suppress-shortcuts": "true" };

/** -3 as "−3", with the sign that a screen reader reads as minus. */
export function minus(number) {
  return number < 0 ? `−${-number}` : String(number);
}

/** 3211392 as 3,211,392, in every locale. */
export function thousands(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A working that breaks before an equals sign and nowhere else. */
export function unbroken(line) {
  return line.replace(/ (?!=)/g, "\u00a0");
}

/** Whether the main pointer is a finger: a box that gets the focus then opens a keyboard over the page. */
export function byTouch() {
  return window.matchMedia("(pointer: coarse)").matches;
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

/**
 * Sentences that are shown at once. Those that have changed are spoken when they stop changing for a
 * moment; the others are not spoken again.
 */
export function liveSentence() {
  const seen = h("p", { class: "sw-sentence", "aria-hidden": "true" });
  const spoken = h("p", { class: "sw-hidden", "aria-live": "polite" });
  let timer = 0;
  let last = [];
  let said = "";
  return {
    nodes: [seen, spoken],
    /** Show `sentences`; `heard` are spoken with them, and are shown elsewhere. */
    say(shown, ...heard) {
      const sentences = [...shown, ...heard].filter(Boolean);
      if (sentences.join(" ") === said) return;
      said = sentences.join(" ");
      setText(seen, shown.join(" "));
      clearTimeout(timer);
      timer = setTimeout(() => {
        const news = sentences.filter((sentence) => !last.includes(sentence));
        spoken.textContent = (news.length ? news : sentences).join(" ");
        last = sentences;
      }, 300);
    },
    stop: () => clearTimeout(timer),
  };
}

/**
 * The frame of a widget. The text in it is English, whatever the page around it is, so formulas keep
 * their order. Ctrl+S reaches JupyterLab although the focused control keeps the other keys to itself;
 * a finger does not open JupyterLab's menu.
 * @returns {{node: Element, stop: () => void}}
 */
export function frame(name, label, ...children) {
  const node = h("div", { class: `sw ${name}`, role: "group", "aria-label": label, dir: "ltr", lang: "en" },
    ...children);
  const [attribute] = Object.keys(KEYS);
  const letSave = (event) => {
    const focused = event.target;
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    if (!node.contains(focused) || !focused.hasAttribute(attribute)) return;
    focused.removeAttribute(attribute);
    setTimeout(() => focused.setAttribute(attribute, KEYS[attribute]));
  };
  // On the window and before all others: JupyterLab listens on the document.
  window.addEventListener("keydown", letSave, true);
  // JupyterLab's menu would lie over the widget: a browser asks for one where a finger rests, and at two taps on a number.
  node.addEventListener("contextmenu", (event) => {
    if (event.pointerType === "touch" || event.target.matches("input")) event.stopPropagation();
  });
  const watch = new ResizeObserver(() => hideKept(node)); // it is called when the node is placed in the page
  watch.observe(node);
  return { node, stop() {
    window.removeEventListener("keydown", letSave, true);
    watch.disconnect();
  } };
}

/** Hide the static picture, which is for a notebook that is opened without this widget. */
function hideKept(node) {
  const kept = [...(node.closest(".jp-OutputArea")?.querySelectorAll(".sw-saved") ?? [])];
  const before = kept.filter((one) => one.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (before.length) before.at(-1).hidden = true;
}
