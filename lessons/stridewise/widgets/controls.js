/**
 * Native form controls with labels. Each shows an error beside a bad value: `write` returns the
 * error, or "" where the value was accepted.
 */

import { KEYS, freshId, h, setText, setValue } from "./dom.js";

/**
 * A number box, with a slider beside it, for one whole number.
 * `context` is for screen readers: what the number belongs to where several fields have one label.
 */
export function numberField({
  label, min, max, read, write, fixed = false, slider: withSlider = true, context = "" }) {
  if (fixed) return fixedField(label, read);
  const id = freshId("number");
  const limits = { min, max, step: 1, ...KEYS };
  const error = h("span", { class: "sw-error", id: `${id}-error`, role: "alert" });
  const box = h("input", { id, type: "number", "data-field": label, "aria-describedby": error.id, ...limits });
  const slider = h("input", { type: "range", "aria-label": `${label}, slider`, ...limits });
  let held = read(); // the value before the typing began
  const take = (event) => {
    const wanted = Number(event.target.value);
    const problem = outOfRange(event.target.value, min, max) || write(wanted);
    error.textContent = problem;
    box.setAttribute("aria-invalid", String(problem !== ""));
    if (problem === "") return;
    if (event.target === slider) slider.value = nearest(wanted, read(), write);
    else write(held); // the first digits of a refused number were not meant as a value
  };
  const refresh = () => {
    if (document.activeElement !== slider || error.textContent === "") setValue(slider, read());
    if (document.activeElement !== box || error.textContent === "") setValue(box, read());
  };
  const settle = () => {
    error.textContent = "";
    box.setAttribute("aria-invalid", "false");
    refresh();
  };
  for (const input of [box, slider]) input.addEventListener("input", take);
  for (const input of [box, slider]) input.addEventListener("blur", settle);
  for (const input of [box, slider]) input.addEventListener("focus", () => { held = read(); });
  const node = h("div", { class: "sw-field" }, labelFor(id, label, context), box,
    withSlider && slider, error);
  return { node, refresh };
}

/** Use the allowed value next to `wanted`, on the side of `old`; a fast drag skips many. */
function nearest(wanted, old, write) {
  for (let value = wanted; value !== old; value += Math.sign(old - wanted)) {
    if (write(value) === "") return value;
  }
  return old;
}

function labelFor(id, label, context) {
  return h("label", { for: id }, label, context && h("span", { class: "sw-hidden" }, ` of ${context}`));
}

function fixedField(label, read) {
  const value = h("output", { "aria-label": `${label}, fixed here` });
  const refresh = () => { value.textContent = `${read()} (fixed here)`; };
  return { node: h("div", { class: "sw-field" }, h("span", {}, label), value), refresh };
}

function outOfRange(text, min, max) {
  const number = Number(text);
  if (text.trim() !== "" && Number.isInteger(number) && number >= min && number <= max) return "";
  const wanted = `a whole number from ${min} to ${max}.`;
  return text.trim() === "" ? `Type ${wanted}` : `${text.trim()} is not ${wanted}`;
}

/** A drop-down list; `options` are `[value, words]` pairs. */
export function choiceField({ label, options, read, write, fixed = false, context = "" }) {
  if (fixed) return fixedField(label, read);
  const id = freshId("choice");
  const error = h("span", { class: "sw-error", id: `${id}-error`, role: "alert" });
  const select = h(
    "select",
    { id, "data-field": label, "aria-describedby": error.id, ...KEYS },
    options.map(([value, words]) => h("option", { value }, words)),
  );
  select.addEventListener("input", () => {
    error.textContent = write(select.value);
    select.value = read();
  });
  const node = h("div", { class: "sw-field sw-choice" }, labelFor(id, label, context), select, error);
  return { node, refresh: () => { setValue(select, read()); setText(error, ""); } };
}

/** A check box. */
export function tickField({ label, read, write }) {
  const id = freshId("tick");
  const error = h("span", { class: "sw-error", role: "alert" });
  const box = h("input", { id, type: "checkbox", "data-field": label, ...KEYS });
  box.addEventListener("input", () => {
    error.textContent = write(box.checked);
    box.checked = read();
  });
  const node = h("div", { class: "sw-tick" }, box, h("label", { for: id }, label), error);
  return { node, refresh: () => { box.checked = read(); setText(error, ""); } };
}
