/** ConeExplorer: the cone of one number, by itself, with networks to choose from. */

import { button, frame, h, keptChildren, onceAtATime, setAttribute, setHidden, setText } from "./dom.js";
import { conePanel } from "./cone.js";

const CONE_NAMES = ["stack", "presets"];

function render({ model, el }) {
  const buttons = h("div", { class: "sw-presets", role: "group", "aria-label": "Networks" });
  const choose = ({ currentTarget }) => {
    model.set("stack", model.get("presets")[[...buttons.children].indexOf(currentTarget)]);
    model.save_changes();
  };
  const panel = conePanel(() => model.get("stack"), { open: true });
  const outer = frame("sw-cone-explorer", "What one number sees of the image", buttons, panel.node);
  el.append(outer.node);

  const draw = () => {
    const presets = model.get("presets");
    setHidden(buttons, presets.length === 0);
    keptChildren(buttons, presets.length, () => button("", choose))
      .forEach((one, i) => {
        setText(one, presets[i].name);
        setAttribute(one, "aria-pressed", presets[i].name === model.get("stack").name);
      });
    panel.draw();
  };
  const redraw = onceAtATime(draw);
  CONE_NAMES.forEach((name) => model.on(`change:${name}`, redraw));
  draw();
  return () => {
    CONE_NAMES.forEach((name) => model.off(`change:${name}`, redraw));
    outer.stop();
  };
}

export default { render };
