/** The panels below the Explorer's grids: number lines, PyTorch's padding, the working in words. */

import { button, h, setHidden, setText, unbroken } from "./dom.js";
import { figure, select } from "./figure.js";
import { drawnInView } from "./in_view.js";
import { numberLine } from "./numberline.js";
import { symmetricPlan } from "./shapes.js";
import { kerasLine, parameterLine, poolLine, torchLine, working } from "./words.js";

/** The windows on both axes, or on one where both are alike. */
export function numberLines(name) {
  const [rows, columns] = [numberLine(), numberLine()];
  const node = h("div", { class: "sw-lines-panel" }, rows.node, columns.node);
  return {
    node,
    draw(plans, selection) {
      const alike = String(plans[0].starts) === String(plans[1].starts) &&
        plans[0].size === plans[1].size;
      const chosen = selection.kind === "output"
        ? [[selection.row], [selection.column]]
        : [selection.rows, selection.columns];
      setHidden(rows.node, alike); // one line is enough for both: that of the columns
      columns.draw(plans[1], `${name}, ${alike ? "on both axes" : "columns"}`, chosen[1]);
      if (!alike) rows.draw(plans[0], `${name}, rows`, chosen[0]);
    },
  };
}

/** Equal shapes, other windows: the same layer with as many zeros before as after. */
export function torchPanel(handlers) {
  const verdict = h("p", {});
  const code = h("code", {});
  const picture = figure(handlers, { alone: "PyTorch: " });
  const lines = numberLines("PyTorch's windows begin");
  const node = h("div", { class: "sw-torch sw-folded" }, verdict, h("p", {}, code), picture.node, lines.node);
  const parts = [picture, lines].map((part) => drawnInView(part.node, part.draw));
  return {
    node,
    stop() { [picture, ...parts].forEach((part) => part.stop()); },
    draw(plans, selection, state, width) {
      if (node.hidden) return;
      const torch = plans.map(symmetricPlan);
      const own = select(torch, [selection.kind, selection.row, selection.column]);
      setText(code, torchLine(state, plans));
      setText(verdict, torchVerdict(plans, torch));
      const look = { counts: state.show_counts, pinned: state.pinned, width: width - 24 };
      parts.forEach((part) => part.draw(torch, own, look));
    },
  };
}

function torchVerdict(plans, torch) {
  const sizes = torch.map((axis) => axis.output);
  if (torch.some((axis, i) => axis.output !== plans[i].output)) {
    return `With an even reach, PyTorch's equal zeros give another size: ${sizes.join(" by ")}.`;
  }
  if (torch.every((axis, i) => String(axis.starts) === String(plans[i].starts))) {
    return "Here PyTorch's equal zeros give the same shape and the same windows.";
  }
  return `The same shape, ${sizes.join(" by ")}, but the windows begin at other pixels, so the numbers differ.`;
}

/** The working, the Keras line and the parameter count. */
export function wordsPanel() {
  const formula = h("div", { class: "sw-formula" });
  const code = h("code", {});
  let worked = "";
  const copied = h("span", { class: "sw-note", role: "status" });
  const copy = button("Copy", async () => { copied.textContent = await copyText(code); });
  const parameters = h("p", { class: "sw-working-line" });
  const note = h("p", { class: "sw-note" });
  const node = h("div", { class: "sw-words" }, h("p", { class: "sw-heading" }, "The size, worked out"), formula,
    h("p", { class: "sw-heading" }, "In Keras"), h("p", { class: "sw-code" }, code, " ", copy, copied),
    h("p", { class: "sw-heading" }, "Parameters"), parameters, note);
  return {
    node,
    draw(plans, _, state) {
      const pool = state.layer !== "Conv2D";
      const [rows, columns] = plans.map((axis) => working(axis, pool ? "padding" : "zeros"));
      const now = JSON.stringify([rows, columns]);
      if (now !== worked) formula.replaceChildren(...workings(rows, columns));
      worked = now;
      const line = pool ? poolLine(state) : kerasLine(state);
      if (code.textContent !== line) { code.textContent = line; copied.textContent = ""; }
      setText(parameters, pool ? "0" : parameterLine(state));
      setText(note, pool
        ? "Pooling has no weights: there is nothing to learn."
        : "Strides and padding are not in this formula: they change the output, never the parameters.");
    },
  };
}

/** The lines of both axes, or once where they are alike. */
function workings(rows, columns) {
  const lines = (axis) => h("dl", {}, axis.flatMap(([term, line]) =>
    [h("dt", {}, term), h("dd", {}, unbroken(line))]));
  if (JSON.stringify(rows) === JSON.stringify(columns)) return [lines(rows)];
  const name = (words) => h("p", { class: "sw-axis-name" }, words);
  return [name("Rows"), lines(rows), name("Columns"), lines(columns)];
}

/** Copy without the clipboard permission, which plain http pages do not get. */
async function copyText(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
  } catch {
    getSelection().selectAllChildren(element);
    if (!document.execCommand("copy")) return "Selected: copy it with Ctrl+C.";
  }
  return "Copied.";
}
