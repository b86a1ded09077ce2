/** Practice as in the lessons; Python explains an answer when it is there. */

import practice from "../widgets/practice.js";
import { pageModel } from "../widgets/page.js";
import { hashOf, whole, words } from "./links.js";
import { ask } from "./python.js";
import { keepIdeas, keepPractice, keptBeginning, keptIdeas, keptPractice } from "./progress.js";

export const TOPICS = ["size", "zeros", "parameters", "stack"];
const REMEMBERED = 12; // answers, as in the lessons
const LIMITS = ["level", "topics", "paddings", "max_strides", "avoid_sizes"];

export function practiceState(values, base) {
  const paddings = ["valid", "same"];
  const fresh = Math.floor(Math.random() * 2 ** 31);
  return { ...base, seed: whole(values, "seed", 0, 2 ** 31 - 1, fresh),
    level: whole(values, "level", 1, 3, base.level), topics: words(values, "topic", TOPICS, base.topics),
    paddings: words(values, "padding", paddings, base.paddings),
    max_strides: whole(values, "strides", 1, 4, base.max_strides),
    max_dilation: whole(values, "dilation", 1, 3, base.max_dilation) };
}

export function practicePage({ place, values, states }) {
  const kept = values.size ? {} : keptPractice();
  const state = { ...practiceState(values, states.practice), ...kept };
  // The first question is about an idea that is not settled; Python said which, the last time.
  const beginning = values.size ? null : keptBeginning();
  const model = pageModel({ ...state, item: beginning ? { number: state.number, again: true, ...beginning } : state.item });
  let answers = [];
  const limits = () => Object.fromEntries(LIMITS.map((name) => [name, model.get(name)]));
  const showIdeas = (shown) => model.set("ideas", { ...shown, kept: "this browser alone, under “Progress”" });
  const recall = async () => {
    const { shown } = await ask({ ask: "ideas", ideas: keptIdeas() });
    if (answers.length === 0) showIdeas(shown); // what is said after an answer is newer
  };
  if (keptIdeas()) recall().catch(() => {}); // without Python the questions are drawn as they come
  const explain = async () => {
    const answer = model.get("last_answer");
    if (!("number" in (answer ?? {}))) return;
    answers = [...answers, answer].slice(-REMEMBERED);
    keepPractice(model);
    // Practice waits for Python; while Python is starting, it shows that an explanation will follow.
    model.set("diagnosis", { number: answer.number, text: "" });
    try {
      const advice = await ask({ ask: "advise", answers, limits: limits(), ideas: keptIdeas() });
      keepIdeas(advice.ideas, advice.beginning);
      showIdeas(advice.shown);
      model.set("diagnosis", advice.diagnosis);
      model.set("next_item", advice.next_item);
    } catch (error) {
      model.set("diagnosis", { number: answer.number, text: answer.correct ? ""
        : `No explanation of your answer is possible here: ${error.message}` });
    }
  };
  model.on("change:last_answer", explain);
  const leave = practice.render({ model, el: place });
  const link = () => hashOf("practice", { seed: model.get("seed"), level: model.get("level"),
    topic: model.get("topics").join(",") });
  return { leave, link };
}
