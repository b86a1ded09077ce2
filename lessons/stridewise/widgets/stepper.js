/** Back, forward, and play with pause; nothing moves until Play is pressed. */

import { button, h, setHidden, setText } from "./dom.js";
import { tickField } from "./controls.js";

const PACE = 600; // milliseconds between two windows

/**
 * @param {{count: () => number, at: () => number, go: (index: number) => void}} walk `at` is -1
 *   while no window is selected
 */
export function stepper({ count, at, go }, { read, change }) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let timer = 0;
  const place = h("span", { class: "sw-place" });
  const back = button("◀ Back", () => step(-1));
  const forward = button("Forward ▶", () => step(1));
  const play = button("Play", () => (timer ? pause() : begin()), { class: "sw-play" });
  const fill = tickField({ label: "show every output number", read: () => read().filled,
    write: (filled) => change({ filled }) });
  const note = h("span", { class: "sw-note" },
    "Your system is set to less motion, so there is no Play. Use Back and Forward.");
  const node = h("div", { class: "sw-stepper", role: "group", "aria-label": "Move the window" },
    back, forward, play, place, fill.node, note);

  function step(by) {
    pause();
    if (at() < 0) return go(by > 0 ? 0 : count() - 1);
    return go((at() + by + count()) % count());
  }
  function pause() {
    clearInterval(timer);
    timer = 0;
    setText(play, "Play");
  }
  function begin() {
    if (at() < 0 || at() >= count() - 1) go(0);
    setText(play, "Pause");
    timer = setInterval(() => (at() < count() - 1 ? go(at() + 1) : pause()), PACE);
  }
  return {
    node,
    pause,
    draw({ kind, row, column }, [rows, columns]) {
      if (calm.matches) pause();
      setHidden(play, calm.matches);
      setHidden(note, !calm.matches);
      fill.refresh();
      setText(place, kind === "output"
        ? `window ${row * columns + column + 1} of ${rows * columns}`
        : "a pixel is selected");
    },
  };
}
