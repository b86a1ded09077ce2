/** The user's own network in lines of Keras: Python reads them as data and never runs them. */

import { button, h } from "../widgets/dom.js";
import { predictionTable } from "./table.js";
import { ask } from "./python.js";

const EXAMPLE = `keras.Input(shape=(28, 28, 1))
Conv2D(32, 3, padding="same")
MaxPooling2D(2)
Conv2D(16, 3, strides=2)
Flatten()
Dense(10)`;

export function ownPage({ place }) {
  const lines = h("textarea", { id: "lines", spellcheck: "false", autocapitalize: "off" }, EXAMPLE);
  const found = h("div", { "aria-live": "polite" });
  const request = () => ({ text: lines.value });
  const read = async (then) => {
    found.textContent = "Reading …";
    try {
      const answer = await ask({ ask: "network", ...request() });
      found.replaceChildren(answer.problem
        ? h("p", { class: "error" }, answer.problem) : then(answer));
    } catch (error) {
      found.replaceChildren(h("p", { class: "error" }, `Your lines cannot be read here: ${error.message}`));
    }
  };
  place.append(h("div", { class: "form" }, h("label", { for: "lines" }, "Your layers, one on each line"), lines),
    h("div", { class: "actions" },
      button("Predict it first", () => read(({ rows }) => predictionTable(request(), rows))),
      button("Show its rows", () => read(rowsTable))), found);
  return {};
}

function rowsTable({ rows, total }) {
  const head = ["Layer", "Type", "Output shape", "Parameters"].map((text) => h("th", { scope: "col" }, text));
  return h("div", { class: "scroll" }, h("table", { class: "rows" },
    h("thead", {}, h("tr", {}, head)),
    h("tbody", {}, rows.map(([name, ...rest]) => h("tr", {}, h("th", { scope: "row" }, name),
      rest.map((value) => h("td", {}, typeof value === "number" ? value.toLocaleString("en") : value)))))),
    h("p", {}, `Total: ${total.toLocaleString("en")} parameters.`));
}
