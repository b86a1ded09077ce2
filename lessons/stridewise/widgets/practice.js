/** Practice: commit an answer, and only then see the right one beside it. */

import { KEYS, button, frame, freshId, h, onceAtATime } from "./dom.js";
import { choiceField } from "./controls.js";
import { question } from "./questions.js";
import { kerasLine } from "./words.js";

const SETTINGS = ["seed", "number", "level", "topics", "paddings", "max_strides", "avoid_sizes",
  "item"];
const PRACTICE_NAMES = [...SETTINGS, "diagnosis"];
const LEVELS = [["1", "easy"], ["2", "medium"], ["3", "hard"]];
const IN_A_ROW = 3; // right answers before it gets harder
const LARGEST = 10_000_000;

function render({ model, el }) {
  const settings = () => Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
  const write = (patch) => {
    Object.entries(patch).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  };
  const level = choiceField({ label: "Level", options: LEVELS, read: () => String(model.get("level")),
    write: (value) => { write({ level: Number(value), number: model.get("number") + 1 }); return ""; } });
  const score = h("p", { class: "sw-place" });
  const spoken = h("p", { class: "sw-verdict", "aria-live": "polite" });
  const told = h("div", { class: "sw-diagnosis", "aria-live": "polite" });
  const sheet = h("div", {});
  const result = h("div", { class: "sw-result" });
  const worked = h("div", {});
  const next = button("Next question", () => turn(), { class: "sw-next" });
  const outer = frame("sw-practice", "Practice, not graded",
    h("div", { class: "sw-top" }, level.node, score), sheet, spoken, result, told, worked, next);
  el.append(outer.node);

  let shown = "";
  let focusNext = false;
  let harder = false;
  const turn = () => {
    focusNext = true;
    // A wish that comes later than this is too late: an open question does not change.
    write({ number: model.get("number") + 1, item: model.get("next_item"), level: model.get("level") + Number(harder) });
  };
  const answered = (asked, answer) => {
    const right = asked.asks.map((one) => one.right);
    const correct = right.every((value, i) => value === answer[i]);
    const streak = correct ? model.get("streak") + 1 : 0;
    harder = streak >= IN_A_ROW && model.get("level") < LEVELS.length;
    const { asks, ...rest } = asked;
    write({ last_answer: { ...rest, asks: asks.map((one) => one.label), answer, right, correct },
      answered: model.get("answered") + 1, right: model.get("right") + Number(correct),
      streak: harder ? 0 : streak });
    spoken.textContent = (correct ? "✓ Right." : "✗ Not right: compare the working below.") +
      (harder ? " Three in a row: the next one is harder." : "") +
      (streak === IN_A_ROW && !harder ? " Three in a row: you may stop here." : "");
    result.replaceChildren(comparison(asked, answer));
    worked.replaceChildren(...workedOut(asked));
    next.hidden = false;
    refresh();
    next.focus();
  };
  let said = "";
  const tell = (diagnosis) => {
    const about = diagnosis.number === model.get("number") && diagnosis.text ? diagnosis : null;
    if (JSON.stringify(about) === said) return; // else it would be spoken again
    said = JSON.stringify(about);
    told.replaceChildren(...(about ? ideas(about) : []));
  };
  const refresh = () => {
    level.refresh();
    score.textContent = `${model.get("right")} of ${model.get("answered")} right`;
    tell(next.hidden ? {} : model.get("diagnosis"));
  };
  const draw = () => {
    const wanted = JSON.stringify(settings());
    if (wanted !== shown) {
      shown = wanted;
      next.hidden = true;
      harder = false;
      spoken.textContent = "";
      result.replaceChildren();
      worked.replaceChildren();
      const paper = questionSheet(question(settings()), answered);
      sheet.replaceChildren(paper.node);
      if (focusNext) paper.focus();
      focusNext = false;
    }
    refresh();
  };
  const redraw = onceAtATime(draw);
  PRACTICE_NAMES.forEach((name) => model.on(`change:${name}`, redraw));
  draw();
  return () => {
    PRACTICE_NAMES.forEach((name) => model.off(`change:${name}`, redraw));
    outer.stop();
  };
}

const ASKED = {
  size: "How large is the output?",
  zeros: "How many zeros does Keras add?",
  parameters: "How many parameters does it have?",
  stack: "How large is the output of each layer?",
};

/** One question with its boxes; `answered` is called when a whole answer is committed. */
function questionSheet(asked, answered) {
  const boxes = asked.asks.map((one) => answerBox(one.label));
  const commit = button("Commit", () => submit(), { class: "sw-commit" });
  const submit = () => {
    const answer = boxes.map((box) => box.value());
    if (answer.includes(null)) {
      boxes[answer.indexOf(null)].focus();
      return;
    }
    boxes.forEach((box) => box.fix());
    commit.hidden = true;
    answered(asked, answer);
  };
  // Not a form: JupyterLab keeps Enter from submitting one.
  const keydown = (event) => {
    if (event.key === "Enter" && event.target.matches("input") && !commit.hidden) {
      event.preventDefault(); // else the same key presses the button that gets the focus
      submit();
    }
  };
  const node = h("div", { role: "group", "aria-label": "Question", keydown },
    h("p", { class: "sw-heading" }, `Question ${asked.number + 1}${asked.follows ? ", a follow-up" : ""}. ${ASKED[asked.topic]}`),
    h("pre", { class: "sw-given" }, given(asked)),
    h("div", { class: "sw-boxes" }, boxes.map((box) => box.node)), commit);
  return { node, focus: () => boxes[0].focus() };
}

/** The network as Keras code. */
function given({ input_shape, layers }) {
  return [`keras.Input(shape=(${input_shape.join(", ")}))`, ...layers.map((layer) =>
    (layer.type === "Flatten" ? "keras.layers.Flatten()" : kerasLine(layer)))].join("\n");
}

function answerBox(label) {
  const id = freshId("answer");
  const error = h("span", { class: "sw-error", id: `${id}-error`, role: "alert" });
  const input = h("input", { id, type: "text", inputmode: "numeric", autocomplete: "off",
    "aria-describedby": error.id, ...KEYS });
  const node = h("div", { class: "sw-answer" }, h("label", { for: id }, label), input, error);
  return {
    node,
    focus: () => input.focus(),
    fix() { input.readOnly = true; },
    /** The number typed, or null and a sentence about it. */
    value() {
      const text = input.value.trim().replace(/,(?=\d{3})/g, "");
      const good = /^\d+$/.test(text) && Number(text) <= LARGEST;
      const problem = text ? `${text} is not a whole number.` : "Type a whole number.";
      error.textContent = good ? "" : problem;
      input.setAttribute("aria-invalid", String(!good));
      return good ? Number(text) : null;
    },
  };
}

/** An idea in words, and her own rule beside the right one, both with her numbers. */
function ideas({ text, question = "", workings = [] }) {
  const rows = workings.map(([label, own, right]) => h("tr", {},
    workings.length > 1 && h("th", { scope: "row" }, label), h("td", {}, own), h("td", {}, right)));
  const head = h("tr", {}, workings.length > 1 && h("td", {}),
    ["by this idea", "by Keras's rule, same numbers"].map((name) => h("th", { scope: "col" }, name)));
  return [h("p", {}, text),
    workings.length > 0 && h("table", {}, h("thead", {}, head), h("tbody", {}, rows)),
    question && h("p", {}, question)].filter(Boolean);
}

/** The student's number beside the right one. */
function comparison({ asks }, answer) {
  const head = ["asked", "yours", "right", "result"].map((name) => h("th", { scope: "col" }, name));
  const rows = asks.map(({ label, right }, i) => h("tr", {}, h("th", { scope: "row" }, label),
    h("td", {}, String(answer[i])), h("td", {}, String(right)),
    h("td", {}, answer[i] === right ? "✓ right" : "✗ not right")));
  return h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
}

/** How the right numbers come about. */
function workedOut({ asks }) {
  const steps = asks.filter((one) => one.working.length > 0).flatMap(({ label, working }) => [
    asks.length > 1 && h("p", { class: "sw-axis-name" }, label),
    h("dl", {}, working.map(([term, line]) => [h("dt", {}, term), h("dd", {}, line)])),
  ]);
  return [h("p", { class: "sw-heading" }, "Worked out"), ...steps.filter(Boolean)];
}

export default { render };
