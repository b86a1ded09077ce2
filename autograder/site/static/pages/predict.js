/** The three networks of the lessons: predict every row, then compare. */

import { h } from "../widgets/dom.js";
import { hashOf, word } from "./links.js";
import { predictionTable } from "./table.js";

const LESSONS = ["valid", "same", "stride"];
const NAMES = { valid: 'padding="valid"', same: 'padding="same"', stride: 'padding="same", strides=2' };

export function predictPage({ place, values, states }) {
  const sheet = h("div", {});
  const choice = h("select", { id: "lesson", change: () => draw() },
    LESSONS.map((name) => h("option", { value: name }, NAMES[name])));
  choice.value = word(values, "lesson", LESSONS, "valid");
  const draw = () => {
    const { code, rows } = states.lessons[choice.value];
    sheet.replaceChildren(h("pre", { class: "scroll", tabindex: "0", role: "region", "aria-label": "The network in Keras" }, code),
      predictionTable({ lesson: choice.value }, rows));
  };
  place.append(h("div", { class: "form" }, h("label", { for: "lesson" }, "Network"), choice), sheet);
  draw();
  return { link: () => hashOf("predict", { lesson: choice.value }) };
}
