"""How long a widget takes from an input event to the finished drawing, and the package to import.

Run `python tests/bench/bench_widgets.py`. The page is the one that `save_page` writes: no kernel
is there to be asked. Each event is dispatched at the start of a frame, as Chromium itself does, and
the clock stops when that frame's scripts, styles, layout and paint are done. On a machine that is
busy with other work, `chrt -r 10 python tests/bench/bench_widgets.py` keeps that work out of it.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser_fixtures import CHROMIUM_FLAGS

from stridewise.widgets import DigitExplorer, Explorer, StackExplorer, save_page

EVENTS = 300
LESSON = {
    "valid": {},
    "same": {"padding": "same"},
    "stride": {"padding": "same", "strides": 2},
}
CASES = {
    "Explorer 28x28, k3, same, strides moved": (
        Explorer(input_size=28, padding="same"),
        "input[aria-label='strides, slider']",
        ["1", "2", "3"],
    ),
    "Explorer 32x32, k5, dilation 2, same, filters moved": (
        Explorer(input_size=32, kernel_size=5, dilation_rate=2, padding="same"),
        "input[aria-label='filters, slider']",
        ["8", "9"],
    ),
    "Explorer 32x32, k5, dilation 2, same, kernel moved": (
        Explorer(input_size=32, kernel_size=5, dilation_rate=2, padding="same"),
        "input[aria-label='kernel_size, slider']",
        ["5", "4"],
    ),
    "the same on four channels, all filled in, counts and PyTorch": (
        Explorer(
            input_size=32,
            kernel_size=5,
            dilation_rate=2,
            padding="same",
            picture="digit",
            channels=4,
            filled=True,
            show_counts=True,
            pytorch=True,
        ),
        "input[aria-label='kernel_size, slider']",
        ["5", "4"],
    ),
    "Explorer 12x12, every number written, strides moved": (
        Explorer(input_size=12, picture="digit", kernel="outline", padding="same", filled=True),
        "input[aria-label='strides, slider']",
        ["1", "2"],
    ),
    "StackExplorer, two networks, strides typed": (
        StackExplorer("valid", "stride"),
        ".sw-card input[type=number]",
        ["1", "2"],
    ),
}
MEASURE = """async ([selector, values, events]) => {
  const input = document.querySelector(selector);
  const times = [];
  for (let i = 0; i < events + 20; i += 1) {
    times.push(await new Promise((resolve) => requestAnimationFrame(() => {
      const begun = performance.now();
      input.value = values[i % values.length];
      input.dispatchEvent(new Event("input", { bubbles: true }));
      const channel = new MessageChannel(); // heard when the frame has been painted
      channel.port1.onmessage = () => resolve(performance.now() - begun);
      channel.port2.postMessage(null);
    })));
  }
  return times.slice(20);
}"""


def report(name: str, times: list[float]) -> None:
    """Print the median and the 95th percentile of `times`, in milliseconds."""
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{name:55} median {statistics.median(times):5.1f} ms, p95 {p95:5.1f} ms")


def drawing_times() -> None:
    """Print the median and the 95th percentile of each case, in milliseconds."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("no `chromium` on PATH: install it to measure the widgets")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1000, "height": 1400})
        for name, (widget, selector, values) in CASES.items():
            page.goto(save_page(Path(folder, "page.html"), widget).as_uri())
            page.locator(".sw").wait_for()
            times = page.evaluate(MEASURE, [selector, values, EVENTS])
            report(name, times)
        digit = answered_digit()
        page.goto(save_page(Path(folder, "page.html"), digit).as_uri())
        page.locator(".sw-map-row canvas").first.wait_for()
        report(
            "DigitExplorer, three networks' maps, filter moved",
            page.evaluate(MEASURE, ["input[aria-label='filter, slider']", ["1", "2"], EVENTS]),
        )
        report("DigitExplorer, drawing by hand", page.evaluate(DRAW, EVENTS))
        browser.close()


DRAW = """async (events) => {
  const pad = document.querySelector(".sw-pad");
  pad.setPointerCapture = () => {}; // a pointer of a script cannot be captured
  const frame = pad.getBoundingClientRect();
  const send = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0,
    clientX: frame.left + x * frame.width, clientY: frame.top + y * frame.height }));
  const times = [];
  send("pointerdown", 0.5, 0.5);
  for (let i = 0; i < events + 20; i += 1) {
    times.push(await new Promise((resolve) => requestAnimationFrame(() => {
      const begun = performance.now();
      send("pointermove", 0.5 + 0.45 * Math.cos(i / 9), 0.5 + 0.45 * Math.sin(i / 7));
      const channel = new MessageChannel(); // heard when the frame has been painted
      channel.port1.onmessage = () => resolve(performance.now() - begun);
      channel.port2.postMessage(null);
    })));
  }
  const drawn = document.querySelector(".sw-strokes path:last-child").getTotalLength();
  if (drawn < events) throw Error(`only ${drawn} units drawn`);
  return times.slice(20);
}"""


def answered_digit() -> DigitExplorer:
    """Return a DigitExplorer with the maps of three networks like those of the lesson."""
    import keras

    trained = {}
    for name, arguments in LESSON.items():
        layers = [keras.layers.Conv2D(32, 3, activation="relu", **arguments) for _ in range(3)]
        last = [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
        trained[name] = keras.Sequential([keras.Input((28, 28, 1)), *layers, *last])
    explorer = DigitExplorer(trained)
    explorer.set_state({"asked": {"number": 1, "strokes": [[5, 5, 20, 20]], "layer": 0}})
    return explorer


def import_time() -> None:
    """Print the median time that `import stridewise` takes in a fresh Python."""
    code = "import time; t = time.perf_counter(); import stridewise; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    times = [
        float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(9)
    ]
    print(f"{'import stridewise':55} median {1000 * statistics.median(times):5.1f} ms")


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    drawing_times()
    import_time()
