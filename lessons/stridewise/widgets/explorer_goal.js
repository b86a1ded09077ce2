/** Something to find with the Explorer: whether it is found, and in how many sizes it could be. */

import { h, plural, setHidden } from "./dom.js";
import { misfit, plan } from "./shapes.js";
import { unreadTotal } from "./words.js";

const MOST_PIXELS = 32; // a side

const unreadColumns = ([, columns]) => columns.counts.filter((count) => count === 0).length;

/** The possible goals: their words, and the layer's present value. */
const SOUGHT = {
  unread_pixels: { words: (n) => `${plural(n, "pixel")} ${n === 1 ? "is" : "are"} never read`,
    found: (plans) => unreadTotal(...plans) },
  unread_columns: { words: (n) => `${plural(n, "column")} ${n === 1 ? "is" : "are"} never read`,
    found: unreadColumns },
  output_size: { words: (n) => `the output has ${plural(n, "column")}`, found: ([, columns]) => columns.output },
  zeros_after: { words: (n) => `${plural(n, "zero")} ${n === 1 ? "is" : "are"} added after`,
    found: ([, columns]) => columns.after },
};

/**
 * Whether the plans have what the goal asks; the input sizes for which they would, all else as it is.
 * @param {object} goal one of SOUGHT's names, and a number
 * @param {object[]} plans rows, then columns
 */
export function goalFound(goal, plans) {
  const [[name, wanted]] = Object.entries(goal);
  const ways = Array.from({ length: MOST_PIXELS }, (_, i) => i + 1).filter((size) => {
    const sides = plans.map(({ kernel_size, strides, padding, dilation_rate }) =>
      ({ size, kernel_size, strides, padding, dilation_rate }));
    return !sides.some(misfit) && SOUGHT[name].found(sides.map(plan)) === wanted;
  });
  return { met: SOUGHT[name].found(plans) === wanted, ways };
}

export function explorerGoal() {
  const task = h("p", { class: "sw-heading" });
  const said = h("p", { class: "sw-verdict", role: "status" });
  const node = h("div", { class: "sw-goal" }, task, said);
  return {
    node,
    draw(goal, plans) {
      setHidden(node, Object.keys(goal).length === 0);
      if (node.hidden) return;
      const [[name, wanted]] = Object.entries(goal);
      task.textContent = `Find a layer for which ${SOUGHT[name].words(wanted)}.`;
      const { met, ways } = goalFound(goal, plans);
      const others = `With these arguments, ${plural(ways.length, "input size")} from 1 to ${MOST_PIXELS} ` +
        `${ways.length === 1 ? "fits" : "fit"}.`;
      const words = met ? `✓ Found. ${others} Which are they?` : "○ Not yet.";
      if (said.textContent !== words) said.textContent = words;
      node.classList.toggle("sw-reached", met);
    },
  };
}
