/** Something to build: what is asked of a network, and which of it the present one has. */

import { h, plural, thousands } from "./dom.js";
import { stackTotal } from "./stack_rules.js";

/**
 * What a goal asks, each with whether the rows have it.
 * @param {{output_shape?: number[], layers?: number, parameters?: number}} goal `parameters`: fewer
 * @returns {{words: string, met: boolean}[]}
 */
export function goalParts({ output_shape: shape, layers, parameters }, rows) {
  const total = stackTotal(rows);
  const made = rows.at(-1)?.shape;
  return [
    shape && { words: `the output (None, ${shape.join(", ")})`, met: String(made) === String(shape) },
    layers && { words: plural(layers, "layer"), met: rows.length === layers },
    parameters && { words: `fewer than ${thousands(parameters)} parameters`,
      met: total !== null && total < parameters },
  ].filter(Boolean);
}

export function goalPanel() {
  const parts = h("ul", {});
  const reached = h("p", { class: "sw-verdict", role: "status" });
  const node = h("div", { class: "sw-goal" }, h("p", { class: "sw-heading" }, "Build a network with"), parts, reached);
  return {
    node,
    draw(goal, rows) {
      const found = goalParts(goal, rows);
      node.hidden = found.length === 0;
      if (node.hidden) return;
      parts.replaceChildren(...found.map(({ words, met }) => h("li", {}, `${met ? "✓" : "○"} ${words}`)));
      const words = found.every(({ met }) => met) ? "✓ You have built it." : "";
      if (reached.textContent !== words) reached.textContent = words;
    },
  };
}
