"""How long the practice site takes in a real Chromium: first picture, first explained answer."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser_fixtures import CHROMIUM_FLAGS
from site_fixtures import serving

from autograder.site.build import build_site

RUNS = 5


def main() -> None:
    """Print the medians of a few first and second visits."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("no `chromium` on PATH: install it to measure the site")
    with TemporaryDirectory() as folder:
        sizes = build_site(Path(folder), Path(click.get_app_dir("stridewise")) / "npm")
        print(f"site: {sum(sizes.values()) / 2**20:.1f} MiB in {len(sizes)} files")
        with serving(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
            visits = [times for _ in range(RUNS) for times in visited_twice(browser, address)]
            browser.close()
    for visit, words in ((0, "first visit"), (1, "second visit")):
        figures = visits[visit::2]
        drawn, explained = (sorted(column)[RUNS // 2] for column in zip(*figures, strict=True))
        print(f"{words}: explorer drawn in {drawn:.2f} s, an answer explained in {explained:.2f} s")


def visited_twice(browser, address):
    """Visit the site with a fresh profile, then once more; give the seconds of each."""
    context = browser.new_context()
    for _ in range(2):
        page = context.new_page()
        begun = time.monotonic()
        page.goto(f"{address}index.html#explorer")
        page.wait_for_selector("#page-explorer .sw-sentence")
        drawn = time.monotonic() - begun
        page.goto(f"{address}index.html#predict")
        page.get_by_label("conv2d: output shape").fill("25, 25, 32")
        page.get_by_role("button", name="Compare").click()
        page.locator("#page-predict table").nth(1).wait_for(timeout=60_000)
        explained = time.monotonic() - begun
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.close()
        yield drawn, explained
    context.close()


if __name__ == "__main__":
    main()
