/** Guess: one line to enter before the next cell shows the answer. */

import { KEYS, button, frame, freshId, h, onceAtATime } from "./dom.js";

const GUESS_NAMES = ["question", "first", "now"];

function render({ model, el }) {
  const id = freshId("guess");
  const label = h("label", { for: id });
  const input = h("input", { id, type: "text", autocomplete: "off", maxlength: 200, ...KEYS });
  const commit = button("Commit", () => take());
  const said = h("p", { role: "status" });
  const outer = frame("sw-guess", "A guess, not graded",
    h("p", {}, label), h("p", { class: "sw-guess-row" }, input, commit), said);
  el.append(outer.node);

  const take = () => {
    const text = input.value.trim();
    if (!text) {
      said.textContent = "Type a guess first. A wrong one costs nothing.";
      return;
    }
    model.set(model.get("first") ? "now" : "first", text);
    model.save_changes();
    input.value = "";
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    take();
  });
  const draw = () => {
    const [question, first, now] = GUESS_NAMES.map((name) => model.get(name));
    label.textContent = question;
    commit.textContent = first ? "Commit what you think now" : "Commit";
    said.textContent = first ? `Your first guess: ${first}${now ? ` · now: ${now}` : ". Now run the next cell."}` : "";
  };
  const redraw = onceAtATime(draw);
  GUESS_NAMES.forEach((name) => model.on(`change:${name}`, redraw));
  draw();
  return () => {
    GUESS_NAMES.forEach((name) => model.off(`change:${name}`, redraw));
    outer.stop();
  };
}

export default { render };
