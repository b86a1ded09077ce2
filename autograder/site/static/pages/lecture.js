/** One question in large type for a lecture; a key shows the answer. */

import { button, h } from "../widgets/dom.js";
import { question } from "../widgets/questions.js";
import { kerasLine } from "../widgets/words.js";
import { hashOf, whole } from "./links.js";
import { practiceState } from "./practise.js";
import { ask } from "./python.js";

const ASKED = { size: "How large is the output?", zeros: "How many zeros does Keras add?",
  parameters: "How many parameters does it have?", stack: "How large is the output of each layer?" };

export function lecturePage({ place, values, states }) {
  const settings = { ...practiceState(values, states.practice), item: {},
    number: whole(values, "number", 0, 2 ** 31 - 1, 0) };
  const sheet = h("div", { class: "lecture", tabindex: "-1" });
  let shown = false;
  const draw = () => {
    const asked = question(settings);
    sheet.replaceChildren(...asking(asked), ...(shown ? answering(asked) : []));
  };
  const reveal = () => { shown = !shown; draw(); };
  const turn = (by) => {
    settings.number = Math.max(0, settings.number + by);
    shown = false;
    draw();
  };
  const keys = { " ": reveal, Enter: reveal, ArrowRight: () => turn(1), PageDown: () => turn(1),
    ArrowLeft: () => turn(-1), PageUp: () => turn(-1) };
  const press = (event) => {
    if (event.target.closest("button, a, input, select, textarea") || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  };
  document.addEventListener("keydown", press);
  place.append(h("div", { class: "actions" }, button("Show the answer", reveal),
    button("Next question", () => turn(1)), button("Full screen", () => sheet.requestFullscreen?.())),
    h("p", {}, "Space shows the answer; the arrow keys turn the page."), sheet);
  draw();
  const link = () => hashOf("lecture", { seed: settings.seed, number: settings.number,
    level: settings.level, topic: settings.topics.join(",") });
  return { leave: () => document.removeEventListener("keydown", press), link };
}

function asking({ number, topic, input_shape, layers }) {
  const code = [`keras.Input(shape=(${input_shape.join(", ")}))`, ...layers.map((layer) =>
    (layer.type === "Flatten" ? "keras.layers.Flatten()" : kerasLine(layer)))].join("\n");
  return [h("p", {}, h("strong", {}, `Question ${number + 1}. ${ASKED[topic]}`)), h("pre", {}, code)];
}

function answering(asked) {
  const right = asked.asks.map(({ label, right: value }) =>
    h("p", { class: "answer" }, `${label}: ${value.toLocaleString("en")}`));
  const working = asked.asks.flatMap((one) => one.working.map(([term, line]) => h("p", {}, `${term}: ${line}`)));
  const wrong = h("div", { "aria-live": "polite" });
  ask({ ask: "wrong", question: asked }).then(({ wrong: found }) => {
    if (found.length) wrong.replaceChildren(h("p", {}, h("strong", {}, "Did you get one of these?")),
      h("ul", {}, found.map(({ answer, idea }) => h("li", {}, `${answer.join(", ")}: ${idea}`))));
  }).catch(() => { wrong.textContent = "The ideas behind wrong answers are not available here."; });
  return [...right, ...working, wrong];
}
