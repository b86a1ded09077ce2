/** The user's progress: stored in this browser only, saved to a file and read from one. */

import { button, h } from "../widgets/dom.js";

const KEY = "stridewise-progress";
const COUNTS = ["seed", "number", "answered", "right", "streak"];
const LARGEST = 2 ** 31 - 1;
const MOST_IDEAS = 20_000; // letters
const TOPICS = ["size", "zeros", "parameters", "stack"];
const PADDINGS = ["valid", "same"];
const SIDES = ["size", "kernel_size", "strides", "dilation_rate"];
const LARGEST_SIDE = 32;

/** The valid part of a file or of what the browser has stored; null where it is not ours. */
export function validProgress(data) {
  if (data === null || typeof data !== "object" || data.kind !== "stridewise progress") return null;
  const known = COUNTS.filter((name) =>
    Number.isInteger(data[name]) && data[name] >= 0 && data[name] <= LARGEST);
  const found = Object.fromEntries(known.map((name) => [name, data[name]]));
  if ([1, 2, 3].includes(data.level)) found.level = data.level;
  // Python reads these once more, and takes what is valid.
  if (typeof data.ideas === "object" && JSON.stringify(data.ideas).length <= MOST_IDEAS) found.ideas = data.ideas;
  if (isQuestion(data.beginning)) found.beginning = data.beginning;
  return (found.right ?? 0) <= (found.answered ?? 0) ? found : null;
}

/** Whether a value says what to ask: a topic, or one layer by Keras's arguments. */
function isQuestion(value) {
  if (value === null || typeof value !== "object") return false;
  if (TOPICS.includes(value.topic)) return true;
  return PADDINGS.includes(value.padding) &&
    SIDES.every((name) => Number.isInteger(value[name]) && value[name] >= 1 && value[name] <= LARGEST_SIDE);
}

/** The stored progress of Practice; empty where there is none. */
export function keptPractice() {
  const { ideas: _, beginning: __, ...state } = kept();
  return state;
}

/** What to ask first, for an idea that is not settled; null where there is none. */
export function keptBeginning() {
  return kept().beginning ?? null;
}

/** Which ideas come back, and which are settled, as Python gave them. */
export function keptIdeas() {
  return kept().ideas ?? null;
}

export function keepIdeas(ideas, beginning) {
  store({ ...kept(), ideas, beginning });
}

function kept() {
  try {
    return validProgress(JSON.parse(localStorage.getItem(KEY))) ?? {};
  } catch {
    return {};
  }
}

export function keepPractice(model) {
  const state = Object.fromEntries([...COUNTS, "level"].map((name) => [name, model.get(name)]));
  // The question that was just answered is over.
  store({ ...kept(), ...state, number: state.number + 1 });
}

function store(state) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ kind: "stridewise progress", ...state }));
  } catch {
    // A private window may store nothing; the page still works.
  }
}

export function progressPage({ place }) {
  const said = h("p", { role: "status" });
  const file = h("input", { type: "file", accept: "application/json,.json", id: "progress-file",
    change: async () => {
      const [chosen] = file.files;
      if (!chosen) return;
      const read = await taken(chosen);
      if (read) store(read);
      said.textContent = read ? "Your progress was read." : `${chosen.name} is not a progress file of this site.`;
      draw();
    } });
  const figures = h("p", {});
  const draw = () => {
    const { answered = 0, right = 0, level = 1 } = keptPractice();
    figures.textContent = answered
      ? `Practice: ${right} of ${answered} right so far; level ${level} of 3.`
      : "You have not answered a question of Practice yet.";
  };
  place.append(figures, h("div", { class: "actions" },
    button("Save as a file", save), button("Delete it", () => {
      localStorage.removeItem(KEY);
      said.textContent = "Your progress was deleted.";
      draw();
    })), h("div", { class: "form" },
    h("label", { for: "progress-file" }, "Read a saved file"), file), said);
  draw();
  return {};
}

async function taken(chosen) {
  try {
    return validProgress(JSON.parse(await chosen.text()));
  } catch {
    return null;
  }
}

function save() {
  const text = JSON.stringify({ kind: "stridewise progress", ...kept() }, null, 2);
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  h("a", { href: address, download: "stridewise-progress.json" }).click();
  URL.revokeObjectURL(address);
}
