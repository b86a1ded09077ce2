"""How long each single control of a widget takes until all is drawn, on the largest widgets.

Run `python tests/bench/bench_controls.py [WORD]`; with a word, only the widgets with it in their
name. Every slider, number, list, tick, button, arrow key and the pointer is used, one control at a
time, on a page that is loaded anew; `bench_widgets.py` says how the time is taken. Before each use
of a button the widget is brought to where the button has something to do, outside the measured
time: a network has its first layers again, Practice has an answer to commit. A control that is made
anew by its own use is looked up again. "Copy" is measured until "Copied." is painted, less the wait
for that frame. A panel that is out of view is drawn later, and is not in the time. No kernel is
there: what Python would answer is not measured. Of 40 uses the 95th percentile rests on the two or
three slowest, and one moment of other work on the machine decides it. So a control that is over the
limit is measured again with 160 uses, and that counts. The slowest controls of each widget are
printed first; the last line says how many are over the limit.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from bench_widgets import answered_digit
from browser_fixtures import CHROMIUM_FLAGS

from stridewise.widgets import ConeExplorer, Explorer, Guess, Practice, StackExplorer, save_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from stridewise.widgets.base import Drawn

LIMIT = 16  # milliseconds, at the 95th percentile
EVENTS = 40  # of each control
MORE_EVENTS = 160  # of a control that was over the limit
WARM = 6
LARGE = {"input_size": 32, "kernel_size": 5, "padding": "same", "picture": "digit"}
OVERLAYS = {"filled": True, "show_counts": True, "pytorch": True, "channels": 4, "filters": 8}
WIDGETS: dict[str, Callable[[], Drawn]] = {
    "Explorer 32x32, all overlays": lambda: Explorer(**LARGE, **OVERLAYS),
    "Explorer 32x32, dilation 2, all overlays": lambda: Explorer(
        **LARGE, **OVERLAYS, dilation_rate=2
    ),
    "Explorer 32x32, height and width apart": lambda: Explorer(
        **LARGE, **OVERLAYS, rectangular=True
    ),
    "Explorer 32x32, max pooling": lambda: Explorer(
        layer="MaxPooling2D", input_size=32, picture="digit", filled=True, show_counts=True
    ),
    "Explorer 12x12, every number written": lambda: Explorer(
        input_size=12, picture="digit", kernel="outline", padding="same", filled=True
    ),
    "StackExplorer, two networks": lambda: StackExplorer("valid", "stride"),
    "ConeExplorer": lambda: ConeExplorer("stride", presets=["valid", "same", "stride"]),
    "Guess": lambda: Guess("How many?"),
    "Practice": lambda: Practice(seed=0, topics=["stack"], level=3),
    "DigitExplorer, three networks": answered_digit,
}
# Every control, and what is done with it. A slider and a number go up and down by one, a list goes
# through its choices, a tick goes on and off, the pointer is drawn over a grid, and a cone is
# clicked.
CONTROLS = """() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const label = (one) => (one.getAttribute("aria-label") || one.labels?.[0]?.textContent ||
    one.textContent).trim().slice(0, 34);
  const does = (one) => {
    if (one.matches("[type=range], [type=number]")) return "input";
    if (one.matches("[type=text]")) return "text";
    if (one.matches("select")) return "select";
    if (one.matches(".sw-cursor")) return "keys";
    if (one.matches(".sw-pad")) return "drawing";
    if (one.matches(".sw-grid, .sw-map-row canvas")) return "pointer";
    return one.matches(".sw-cone, canvas") ? "clicks" : "click";
  };
  const kept = [["Pause", "Play"], ["Commit what you think now", "Commit"]]; // names that change
  const drawing = (one) => one.classList.value.replaceAll("sw-", "");
  const name = (one) => {
    const words = one.matches(".sw-cursor")
      ? `${drawing(one.parentElement.firstElementChild)} cursor`
      : one.matches("svg.sw-grid, svg.sw-cone, canvas") ? drawing(one) : label(one);
    return `${kept.find(([now]) => now === words)?.[1] ?? words} (${does(one)})`;
  };
  const all = () => [...document.querySelectorAll(".sw :is(input, select, button, .sw-grid, " +
    ".sw-cone, .sw-pad, canvas:has(+ .sw-map-outline + .sw-cursor), .sw-gallery-picture)")]
    .filter((one) => one.checkVisibility() && !one.disabled);
  window.find = (wanted) => all().find((one) => name(one) === wanted);
  window.kind = does;
  return [...new Set([...all().map(name), ...LATER])];
}"""
# Buttons that are not there at first.
LATER = {
    "Practice": [f"{one} (click)" for one in ("Show the working", "Next question ▶")],
}
# What is done before each use of a control, so that the use changes something.
PREPARE = """
const press = (words) => [...document.querySelectorAll(".sw button")]
  .find((one) => one.textContent.startsWith(words) && one.checkVisibility()).click();
const answer = () => document.querySelectorAll(".sw-answer input")
  .forEach((one) => { one.value = "7"; });
const other = (wanted) => (wanted.startsWith("valid") ? "stride" : "valid");
const prepare = async (wanted) => {
  const steps = [];
  if (document.querySelector(".sw-practice") && wanted.endsWith("(click)")) {
    steps.push(() => press("New questions"), answer);
    if (/^(Show|Next)/.test(wanted)) steps.push(() => press("Commit"));
    if (/^Next/.test(wanted)) steps.push(() => press("Show"));
  } else if (document.querySelector(".sw-guess") && wanted.endsWith("(click)")) {
    steps.push(() => { document.querySelector(".sw-guess input").value = String(Math.random()); });
  } else if (document.querySelector(".sw-stack, .sw-cone-explorer") && wanted.endsWith("(click)") &&
    !wanted.startsWith("show a second")) {
    steps.push(() => press(other(wanted)));
  } else if (wanted.startsWith("Copy")) {
    steps.push(() => { document.querySelector(".sw-code [role=status]").textContent = ""; });
  } else if (/^(Undo|Clear)/.test(wanted)) {
    const parts = ["pointerdown", "pointermove", "pointerup"];
    steps.push(() => parts.forEach((part) => draw(part, Math.random())));
  }
  for (const step of steps) {
    step();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
};
const draw = (type, at) => {
  const pad = document.querySelector(".sw-pad");
  pad.setPointerCapture = () => {}; // a pointer of a script cannot be captured
  const box = pad.getBoundingClientRect();
  pad.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0,
    clientX: box.left + at * box.width, clientY: box.top + at * box.height }));
};
"""
MEASURE = (
    "async ([wanted, events, warm]) => {"
    + PREPARE
    + """
  const first = find(wanted);
  const [value, max] = [first?.value, first?.max];
  const acts = {
    input(one, fire, i) {
      const up = Number(value) + 1 <= Number(max) ? 1 : -1;
      one.value = Number(value) + (i % 2 ? 0 : up);
      fire("input", Event);
    },
    text(one, fire, i) {
      one.value = `${i}+1`;
      fire("input", Event);
    },
    select(one, fire, i) {
      one.selectedIndex = i % one.options.length;
      fire("input", Event);
      fire("change", Event);
    },
    click(one) { one.click(); },
    keys(one, fire, i) {
      fire("keydown", KeyboardEvent, { key: i % 2 ? "ArrowLeft" : "ArrowRight" });
    },
    drawing(one, fire, i) {
      if (i === 0) draw("pointerdown", 0.5);
      draw("pointermove", 0.5 + 0.4 * Math.sin(i / 7));
    },
    pointer(one, fire, i) { fire("pointermove", PointerEvent, place(one, i)); },
    clicks(one, fire, i) { fire("click", PointerEvent, place(one, i)); },
  };
  const place = (one, i) => {
    const box = one.getBoundingClientRect();
    const across = ((i * 7) % 29 + 1.5) / 31;
    return { pointerType: "mouse", buttons: 1,
      clientX: box.left + box.width * across, clientY: box.top + box.height * across };
  };
  const use = (i) => new Promise((resolve) => requestAnimationFrame(() => {
    const one = find(wanted); // some are made anew by their own use
    const begun = performance.now();
    let waited = 0;
    const done = () => {
      const channel = new MessageChannel(); // heard when the frame has been painted
      channel.port1.onmessage = () => resolve(performance.now() - begun - waited);
      channel.port2.postMessage(null);
    };
    acts[kind(one)](one, (type, Kind, more = {}) => one.dispatchEvent(
      new Kind(type, { bubbles: true, cancelable: true, ...more })), i);
    if (!wanted.startsWith("Copy")) return done();
    const said = document.querySelector(".sw-code [role=status]");
    return new MutationObserver((_, watch) => {
      watch.disconnect();
      const copied = performance.now();
      requestAnimationFrame(() => { // the words are painted with the next frame
        waited = performance.now() - copied;
        done();
      });
    }).observe(said, { childList: true });
  }));
  const times = [];
  for (let i = 0; i < events + warm; i += 1) {
    await prepare(wanted);
    const used = find(wanted);
    if (!used) break; // it waits for an answer that does not come
    if (used.matches("input, select")) used.focus({ preventScroll: true }); // as a hand does
    times.push(await use(i));
  }
  return times.length > warm + 1 ? times.slice(warm) : times;
}"""
)


def drawing_times(word: str) -> None:
    """Print each control's median and 95th percentile, in milliseconds, the slowest first."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("no `chromium` on PATH: install it to measure the widgets")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1000, "height": 1400})
        over = 0
        for name, make in WIDGETS.items():
            if word not in name:
                continue
            address = save_page(Path(folder, "page.html"), make()).as_uri()
            print(name, flush=True)
            found = sorted(timed(page, address, one) for one in controls(page, address, name))
            for p95, median, control in reversed(found):
                over += p95 > LIMIT
                print(f"    {control:50} median {median:5.1f} ms, p95 {p95:5.1f} ms", flush=True)
        browser.close()
    print(f"{over} controls over {LIMIT} ms")


def controls(page: Page, address: str, name: str) -> list[str]:
    """Open a page; return the names of its controls, with those that come later."""
    page.goto(address)
    page.locator(".sw").first.wait_for()
    later = json.dumps(LATER.get(name, []))
    found: list[str] = page.evaluate(CONTROLS.replace("LATER", later))
    return found


def timed(page: Page, address: str, control: str) -> tuple[float, float, str]:
    """Use one control of a page that is loaded anew; return p95, the median, and its name."""
    p95, median = percentiles(page, address, control, EVENTS)
    if p95 > LIMIT:
        p95, median = percentiles(page, address, control, MORE_EVENTS)
    return p95, median, control


def percentiles(page: Page, address: str, control: str, events: int) -> tuple[float, float]:
    """Load the page anew and use one control `events` times; return p95 and the median."""
    controls(page, address, "")  # this opens what is folded
    times = page.evaluate(MEASURE, [control, events, WARM])
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return p95, statistics.median(times)


if __name__ == "__main__":
    drawing_times("".join(sys.argv[1:]))
