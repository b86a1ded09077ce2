/**
 * One question: boxes for the answer, three tries, and what helps after each. After a first wrong
 * answer the answer itself is drawn; after a second comes a hint; then the working.
 */

import { KEYS, button, byTouch, freshId, h, plural, unbroken } from "./dom.js";
import { arithmetic } from "./arithmetic.js";
import { hint, pictureOfAnswer } from "./hints.js";
import { kerasLine } from "./words.js";

const LARGEST_ANSWER = 10_000_000;
const TRIES_IN_ALL = 3;
const WHY = { again: ", an idea that comes back", true: ", a follow-up", false: "" };
const ASKED = {
  size: "How large is the output?",
  zeros: "How many zeros does Keras add?",
  parameters: "How many parameters does it have?",
  stack: "How large is the output of each layer?",
};

/**
 * `committed(answer, correct)` is called for the first try alone; `ended()` when all is shown.
 * @returns {{node: Element, focus: Function, showIdea: Function, over: () => boolean}}
 */
export function questionForm(asked, { committed, ended }) {
  const right = asked.asks.map((one) => one.right);
  const boxes = asked.asks.map((one) => answerBox(one.label));
  const commit = button("Commit", () => submit(), { class: "sw-commit" });
  const show = button("Show the working", () => finish("The working is below."), { hidden: true });
  const verdict = h("p", { class: "sw-verdict", role: "status" });
  const help = h("div", { class: "sw-help", role: "status" });
  const idea = h("div", { class: "sw-diagnosis", role: "status" });
  const result = h("div", { class: "sw-result" });
  const tries = [];
  let over = false;
  let diagnosis = {};

  const submit = () => {
    const answer = boxes.map((box) => box.value());
    if (answer.includes(null)) return boxes[answer.indexOf(null)].focus();
    const correct = answer.every((value, i) => value === right[i]);
    if (!correct && String(answer) === String(tries.at(-1))) {
      verdict.textContent = "✗ That is the answer you gave. Change it, or show the working.";
      return inView();
    }
    tries.push(answer);
    if (tries.length === 1) committed(answer, correct);
    if (correct) return finish(tries.length === 1 ? "✓ Right." : `✓ Right, at try ${tries.length}.`);
    boxes.forEach((box, i) => box.mark(boxes.length > 1 ? answer[i] === right[i] : null));
    if (tries.length === TRIES_IN_ALL) return finish("✗ Not right: compare the working below.");
    return giveHelp(answer);
  };
  const giveHelp = (answer) => {
    const left = TRIES_IN_ALL - tries.length;
    verdict.textContent = `✗ Not right. You have ${plural(left, "more try").replace("trys", "tries")}.`;
    help.replaceChildren(...(tries.length === 1 ? pictureOfAnswer(asked, answer) : [h("p", {}, `Hint: ${hint(asked)}`)]));
    show.hidden = false;
    drawIdea();
    const wrong = boxes.findIndex((box, i) => answer[i] !== right[i]);
    if (byTouch()) document.activeElement?.blur(); // the keyboard would hide the help
    else boxes[wrong].focus();
    inView();
  };
  const inView = () => [help, verdict].forEach((one) => one.scrollIntoView({ block: "nearest" }));
  const finish = (words) => {
    over = true;
    verdict.textContent = words + (words.startsWith("✓") ? "" : ` The answer is ${right.join(", ")}.`);
    boxes.forEach((box) => box.fix());
    commit.hidden = true;
    show.hidden = true;
    help.replaceChildren();
    result.replaceChildren(comparison(asked, tries.at(-1) ?? []), ...workedOut(asked));
    drawIdea();
    ended();
    inView();
  };
  // The idea comes with the second hint; the student's numbers beside the right ones, at the end.
  const drawIdea = () => {
    const visible = diagnosis.text && (over || tries.length > 1);
    const wanted = visible ? ideas(over ? diagnosis : { text: diagnosis.text }) : [];
    if (idea.textContent !== h("div", {}, wanted).textContent) idea.replaceChildren(...wanted);
  };
  // Not a form: JupyterLab keeps Enter from submitting one.
  const keydown = (event) => {
    if (event.key !== "Enter" || !event.target.matches("input") || commit.hidden) return;
    event.preventDefault(); // else the same key presses the button that gets the focus
    submit();
  };
  const heading = h("p", { class: "sw-heading", tabindex: -1 },
    `Question ${asked.number + 1}${WHY[asked.again ? "again" : asked.follows]}. ${ASKED[asked.topic]}`);
  const node = h("div", { class: "sw-question", role: "group", "aria-label": `Question ${asked.number + 1}`, keydown },
    heading,
    h("pre", { class: "sw-given" }, given(asked)),
    h("div", { class: "sw-boxes" }, boxes.map((box) => box.node)),
    h("div", { class: "sw-commit-row" }, commit, show, verdict), help, idea, result);
  return {
    node,
    focus: () => (byTouch() ? heading : boxes[0]).focus(),
    over: () => over,
    showIdea(found) { diagnosis = found; drawIdea(); },
  };
}

/** The network as Keras code. */
function given({ input_shape, layers }) {
  return [`keras.Input(shape=(${input_shape.join(", ")}))`, ...layers.map((layer) =>
    (layer.type === "Flatten" ? "keras.layers.Flatten()" : kerasLine(layer)))].join("\n");
}

function answerBox(label) {
  const id = freshId("answer");
  const error = h("span", { class: "sw-error", id: `${id}-error`, role: "alert" });
  const reading = h("output", { class: "sw-reading", for: id });
  const input = h("input", { id, type: "text", autocomplete: "off", autocapitalize: "off",
    enterkeyhint: "done", "aria-describedby": error.id, ...KEYS });
  const node = h("div", { class: "sw-answer" }, h("label", { for: id }, label), input, reading, error);
  input.addEventListener("input", () => {
    const value = arithmetic(input.value);
    reading.textContent = value === null || /^[\d,]*$/.test(input.value.trim()) ? "" : `= ${value}`;
  });
  return {
    node,
    focus: () => { input.focus(); input.select(); },
    fix() { input.readOnly = true; },
    /** Say whether this one of several is right; null says nothing. */
    mark(right) { if (right !== null) reading.textContent = right ? "✓" : "✗"; },
    /** The number typed, or null and a sentence about it. */
    value() {
      const text = input.value.trim();
      const number = arithmetic(text);
      const good = Number.isInteger(number) && number >= 0 && number <= LARGEST_ANSWER;
      const problem = text ? `${text} is not a whole number.` : "Type a whole number.";
      error.textContent = good ? "" : problem;
      input.setAttribute("aria-invalid", String(!good));
      return good ? number : null;
    },
  };
}

/** An idea in words, and her own rule beside the right one, both with her numbers. */
function ideas({ text, question: asks = "", workings = [] }) {
  const several = workings.length > 1;
  const rows = workings.map(([label, own, right]) => h("tr", {},
    several && h("th", { scope: "row" }, label), h("td", {}, own), h("td", {}, right)));
  const head = h("tr", {}, several && h("td", {}),
    ["by this idea", several ? "Keras's rule, starting from your size" : "Keras's rule"].map((name) =>
      h("th", { scope: "col" }, name)));
  return [h("p", {}, text),
    workings.length > 0 && h("table", {}, h("thead", {}, head), h("tbody", {}, rows)),
    asks && h("p", {}, asks)].filter(Boolean);
}

/** The student's number beside the right one. */
function comparison({ asks }, answer) {
  const head = ["asked", "yours", "right", "result"].map((name) => h("th", { scope: "col" }, name));
  const rows = asks.map(({ label, right }, i) => h("tr", {}, h("th", { scope: "row" }, label),
    h("td", {}, String(answer[i] ?? "–")), h("td", {}, String(right)),
    h("td", {}, answer[i] === right ? "✓ right" : "✗ not right")));
  return h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
}

/** How the right numbers come about. */
function workedOut({ asks }) {
  const steps = asks.filter((one) => one.working.length > 0).flatMap(({ label, working }) => [
    asks.length > 1 && h("p", { class: "sw-axis-name" }, label),
    h("dl", {}, working.map(([term, line]) => [h("dt", {}, term), h("dd", {}, unbroken(line))])),
  ]);
  return [h("p", { class: "sw-heading" }, "Worked out"), ...steps.filter(Boolean)];
}
