/** Practice: commit an answer, get help on the way to the right one, go back to what was asked. */

import { KEYS, button, frame, h, onceAtATime, plural } from "./dom.js";
import { choiceField } from "./controls.js";
import { questionForm } from "./question_form.js";
import { question } from "./questions.js";

const SETTINGS = ["seed", "number", "level", "topics", "paddings", "max_strides", "max_dilation",
  "avoid_sizes", "item"];
const PRACTICE_NAMES = [...SETTINGS, "diagnosis", "ideas"];
const LEVELS = [["1", "easy"], ["2", "medium"], ["3", "hard"]];
const IN_A_ROW = 3; // right answers before it gets harder
const KEPT = 30; // questions that one can go back to
const PATIENCE = 4000; // milliseconds to wait for what Python says
const NO_KERNEL = "Python is not running here, so the idea behind your answer cannot be named. " +
  "In a notebook, run this cell again.";

function render({ model, el }) {
  const settings = () => Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
  const write = (patch) => {
    Object.entries(patch).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  };
  const level = choiceField({ label: "Level", options: LEVELS, read: () => String(model.get("level")),
    write: (value) => { write({ level: Number(value), number: model.get("number") + 1 }); return ""; } });
  const score = h("p", { class: "sw-place" });
  const remark = h("p", { class: "sw-note", role: "status" });
  const current = h("div", {});
  const ideas = ideasPanel();
  const back = button("◀ Previous question", () => openQuestion(at - 1));
  const next = button("Next question ▶", () => (at < questions.length - 1 ? openQuestion(at + 1) : askNext()), { class: "sw-next" });
  const fresh = button("New questions", () => {
    focusNext = true;
    write({ seed: Math.floor(Math.random() * 2 ** 31), number: 0, item: {} });
  });
  const outer = frame("sw-practice", "Practice, not graded",
    h("div", { class: "sw-top" }, level.node, score, fresh), current,
    h("div", { class: "sw-turn" }, back, next, remark), ideas.node);
  el.append(outer.node);

  let questions = []; // the questions so far, each `{form, number}`
  let at = -1; // the one that is open
  let shown = "";
  let focusNext = false;
  let harder = false;
  let waiting = 0;

  const askNext = () => {
    focusNext = true;
    // A `next_item` that comes later is not asked: an open question does not change.
    write({ number: model.get("number") + 1, item: model.get("next_item"), level: model.get("level") + Number(harder) });
  };
  const openQuestion = (index) => {
    at = Math.min(Math.max(index, 0), questions.length - 1);
    current.replaceChildren(questions[at].form.node);
    refresh();
    (next.hidden ? questions[at].form.focus : () => next.focus({ preventScroll: true }))();
  };
  const committed = (asked, answer, correct) => {
    const streak = correct ? model.get("streak") + 1 : 0;
    harder = streak >= IN_A_ROW && model.get("level") < LEVELS.length;
    const { asks, ...rest } = asked;
    write({ last_answer: { ...rest, asks: asks.map((one) => one.label), answer, correct,
      right: asks.map((one) => one.right) },
    answered: model.get("answered") + 1, right: model.get("right") + Number(correct),
    streak: harder ? 0 : streak });
    remark.textContent = harder ? "Three right, one after the other: the next one is harder."
      : streak === IN_A_ROW ? "Three right, one after the other: you may stop here." : "";
    clearTimeout(waiting);
    if (!correct) waiting = setTimeout(() => missing(asked.number), PATIENCE);
    refresh(); // the count of answers
  };
  const missing = (number) => {
    if (model.get("diagnosis").number !== number) remark.textContent = NO_KERNEL;
  };
  const refresh = () => {
    level.refresh();
    ideas.draw(model.get("ideas") ?? {});
    score.textContent = `${model.get("right")} of ${model.get("answered")} right at the first try`;
    back.hidden = at === 0;
    next.hidden = at === questions.length - 1 && !questions[at].form.over();
    const { number } = model.get("diagnosis");
    if (number === questions.at(-1).number) {
      if (remark.textContent === NO_KERNEL) remark.textContent = "";
      questions.at(-1).form.showIdea(model.get("diagnosis"));
    }
  };
  const draw = () => {
    const wanted = JSON.stringify(settings());
    if (wanted !== shown) {
      const again = shown && JSON.parse(shown).seed !== settings().seed;
      shown = wanted;
      harder = false;
      remark.textContent = "";
      const asked = question(settings());
      const form = questionForm(asked, {
        committed: (answer, correct) => committed(asked, answer, correct),
        ended: () => { refresh(); next.focus({ preventScroll: true }); },
      });
      questions = [...(again ? [] : questions), { form, number: asked.number }].slice(-KEPT);
      at = questions.length - 1;
      current.replaceChildren(form.node);
      if (focusNext) form.focus();
      focusNext = false;
    }
    refresh();
  };
  const redraw = onceAtATime(draw);
  PRACTICE_NAMES.forEach((name) => model.on(`change:${name}`, redraw));
  draw();
  return () => {
    PRACTICE_NAMES.forEach((name) => model.off(`change:${name}`, redraw));
    clearTimeout(waiting);
    outer.stop();
  };
}

/** Which ideas come back, which are settled, and where that is kept. */
function ideasPanel() {
  const title = h("summary", { ...KEYS });
  const lists = h("div", {});
  const kept = h("p", { class: "sw-note" });
  const node = h("details", { class: "sw-more" }, title, lists, kept);
  return { node, draw({ open = [], settled = [], kept: place = "" }) {
    node.hidden = open.length + settled.length === 0;
    title.textContent = `${plural(open.length, "idea")} to practise, ${settled.length} settled`;
    const list = (heading, names) => names.length > 0 && [h("p", { class: "sw-heading" }, heading),
      h("ul", {}, names.map((name) => h("li", {}, name)))];
    lists.replaceChildren(...[list("Your answers followed these ideas. More questions about them come here and in the next lesson.", open),
      list("Settled: three of your answers no longer followed these.", settled)].flat().filter(Boolean));
    kept.textContent = `This is never graded. It is kept in ${place}.`;
  } };
}

export default { render };
