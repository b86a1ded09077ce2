"""How long each single control of a widget takes until all is drawn, on the largest widgets.

Run `python tests/bench/bench_controls.py [WORD]`; with a word, only the widgets with it in their
name. Every slider, number, list, tick, button, arrow key and the pointer is used, one control at a
time, on a page that is loaded anew; `bench_widgets.py` says how the time is taken. The slowest
controls of each widget are printed first; the last line says how many are over the limit.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser_fixtures import CHROMIUM_FLAGS

from stridewise.widgets import ConeExplorer, Explorer, StackExplorer, save_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

LIMIT = 16  # milliseconds, at the 95th percentile
EVENTS = 60  # of each control
WARM = 10
LARGE = {"input_size": 32, "kernel_size": 5, "padding": "same", "picture": "digit"}
OVERLAYS = {"filled": True, "show_counts": True, "pytorch": True, "channels": 4, "filters": 8}
WIDGETS = {
    "Explorer 32x32, all overlays": Explorer(**LARGE, **OVERLAYS),
    "Explorer 32x32, dilation 2, all overlays": Explorer(**LARGE, **OVERLAYS, dilation_rate=2),
    "Explorer 32x32, height and width apart": Explorer(**LARGE, **OVERLAYS, rectangular=True),
    "Explorer 32x32, max pooling": Explorer(
        layer="MaxPooling2D", input_size=32, picture="digit", filled=True, show_counts=True
    ),
    "Explorer 12x12, every number written": Explorer(
        input_size=12, picture="digit", kernel="outline", padding="same", filled=True
    ),
    "StackExplorer, two networks": StackExplorer("valid", "stride"),
    "ConeExplorer": ConeExplorer("stride", presets=["valid", "same", "stride"]),
}
# Every control, and what is done with it. A slider and a number go up and down by one, a list goes
# through its choices, a tick goes on and off, and the pointer is drawn over a grid.
CONTROLS = """() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const label = (one) => (one.getAttribute("aria-label") || one.labels?.[0]?.textContent ||
    one.textContent).trim().slice(0, 34);
  const does = (one) => {
    if (one.matches("[type=range], [type=number]")) return "input";
    if (one.matches("select")) return "select";
    if (one.matches("[type=checkbox]")) return "click";
    if (one.matches(".sw-cursor")) return "keys";
    if (one.matches(".sw-grid, .sw-cone")) return "pointer";
    return "click";
  };
  window.controls = [...document.querySelectorAll(
    ".sw :is(input, select, button, .sw-grid, .sw-cone)")].filter((one) => one.checkVisibility());
  const seen = new Set();
  return controls.map((one, at) => ({ name: label(one) || one.classList.value, kind: does(one), at,
    value: one.value, max: one.max,
  })).filter(({ name, kind }) => !seen.has(name + kind) && seen.add(name + kind));
}"""
MEASURE = """async ([{ at, kind, value, max }, events, warm]) => {
  const one = controls[at];
  const fire = (type, Kind, more = {}) => one.dispatchEvent(
    new Kind(type, { bubbles: true, cancelable: true, ...more }));
  const acts = {
    input(i) {
      const up = Number(value) + 1 <= Number(max) ? 1 : -1;
      one.value = Number(value) + (i % 2 ? 0 : up);
      fire("input", Event);
    },
    select(i) {
      one.selectedIndex = i % one.options.length;
      fire("input", Event);
      fire("change", Event);
    },
    click() { one.click(); },
    keys(i) { fire("keydown", KeyboardEvent, { key: i % 2 ? "ArrowLeft" : "ArrowRight" }); },
    pointer(i) {
      const box = one.getBoundingClientRect();
      const across = ((i * 7) % 29 + 1.5) / 31;
      fire("pointermove", PointerEvent, { pointerType: "mouse", buttons: 1,
        clientX: box.left + box.width * across, clientY: box.top + box.height * across });
    },
  };
  const times = [];
  for (let i = 0; i < events + warm; i += 1) {
    times.push(await new Promise((resolve) => requestAnimationFrame(() => {
      const begun = performance.now();
      acts[kind](i);
      const channel = new MessageChannel(); // heard when the frame has been painted
      channel.port1.onmessage = () => resolve(performance.now() - begun);
      channel.port2.postMessage(null);
    })));
  }
  return times.slice(warm);
}"""


def drawing_times(word: str) -> None:
    """Print each control's median and 95th percentile, in milliseconds, the slowest first."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("no `chromium` on PATH: install it to measure the widgets")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1000, "height": 1400})
        wanted = {name: one for name, one in WIDGETS.items() if word in name}
        over = 0
        for name, widget in wanted.items():
            address = save_page(Path(folder, "page.html"), widget).as_uri()
            page.goto(address)
            page.locator(".sw").first.wait_for()
            print(name)
            for p95, median, control in sorted(
                timed(page, address, control) for control in page.evaluate(CONTROLS)
            )[::-1]:
                over += p95 > LIMIT
                print(f"    {control:50} median {median:5.1f} ms, p95 {p95:5.1f} ms")
        browser.close()
    print(f"{over} controls over {LIMIT} ms")


def timed(page: Page, address: str, control: dict[str, Any]) -> tuple[float, float, str]:
    """Use one control of a page that is loaded anew; return p95, the median, and its name."""
    page.goto(address)
    page.locator(".sw").first.wait_for()
    page.evaluate(CONTROLS)  # opens what is folded
    times = page.evaluate(MEASURE, [control, EVENTS, WARM])
    name = f"{control['name']} ({control['kind']})"
    return statistics.quantiles(times, n=20)[-1], statistics.median(times), name


if __name__ == "__main__":
    drawing_times("".join(sys.argv[1:]))
