/** ConeExplorer: the cone of one number, by itself, with networks to choose from. */

import { button, frame, h, onceAtATime } from "./dom.js";
import { conePanel } from "./cone.js";

const CONE_NAMES = ["stack", "presets"];

function render({ model, el }) {
  const choose = (preset) => {
    model.set("stack", preset);
    model.save_changes();
  };
  const buttons = h("div", { class: "sw-presets", role: "group", "aria-label": "Networks" });
  const panel = conePanel(() => model.get("stack"), { open: true });
  const outer = frame("sw-cone-explorer", "What one number sees of the image", buttons, panel.node);
  el.append(outer.node);

  const draw = () => {
    const presets = model.get("presets");
    buttons.hidden = presets.length === 0;
    buttons.replaceChildren(...presets.map((preset) => button(preset.name, () => choose(preset), {
      "aria-pressed": String(preset.name === model.get("stack").name) })));
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
