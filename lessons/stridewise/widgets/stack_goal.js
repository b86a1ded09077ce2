/** A network to build: the goals, and which of them the present network meets. */

import { h, keptChildren, plural, setHidden, setText, thousands } from "./dom.js";
import { fieldOf, mapLayers } from "./cone.js";
import { stackTotal } from "./stack_rules.js";

/**
 * What a goal asks, each with whether the rows have it.
 * @param {{output_shape?: number[], layers?: number, parameters?: number, receptive_field?: number}}
 *   goal `parameters`: fewer than that
 * @returns {{words: string, met: boolean}[]}
 */
export function goalParts({ output_shape: shape, layers, parameters, receptive_field: field }, rows, stack) {
  const total = stackTotal(rows);
  const made = rows.at(-1)?.shape;
  return [
    shape && { words: `the output (None, ${shape.join(", ")})`, met: String(made) === String(shape) },
    layers && { words: plural(layers, "layer"), met: rows.length === layers },
    parameters && { words: `fewer than ${thousands(parameters)} parameters`,
      met: total !== null && total < parameters },
    field && { words: `${plural(field, "pixel")} of a line seen by one number of the last map`,
      met: total !== null && fieldOf(mapLayers(stack)) === field },
  ].filter(Boolean);
}

export function goalPanel() {
  const parts = h("ul", {});
  const reached = h("p", { class: "sw-verdict", role: "status" });
  const node = h("div", { class: "sw-goal" }, h("p", { class: "sw-heading" }, "Build a network with"), parts, reached);
  return {
    node,
    draw(goal, rows, stack) {
      const found = goalParts(goal, rows, stack);
      setHidden(node, found.length === 0);
      if (node.hidden) return;
      keptChildren(parts, found.length, () => h("li", {}))
        .forEach((item, i) => setText(item, `${found[i].met ? "✓" : "○"} ${found[i].words}`));
      const words = found.every(({ met }) => met) ? "✓ You have built it." : "";
      setText(reached, words);
    },
  };
}
