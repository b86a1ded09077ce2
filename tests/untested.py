"""The last lines of a test run: what was not tested, and what to install for it."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

PACKAGES = {"bwrap": "bubblewrap", "chromium": "chromium", "node": "nodejs", "npm": "npm"}
"""The programs that tests need besides Python, and Debian's packages of them."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Iterator[None]:
    """Write the lines after everything else that pytest has to say."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = (report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    absent = [package for program, package in PACKAGES.items() if not shutil.which(program)]
    lines = untested(reasons, absent)
    if lines:
        terminalreporter.section("not tested here")
        for line in lines:
            terminalreporter.line(line)


def untested(reasons: Iterable[str], absent: Iterable[str]) -> list[str]:
    """Return a line for each reason why tests were skipped, and one on what to install.

    >>> untested(["no sandbox: `bwrap` is missing"] * 2, ["bubblewrap"])
    ['2 tests: no sandbox: `bwrap` is missing', 'To run them, on Debian: apt install bubblewrap']
    >>> untested([], [])
    []
    """
    lines = [
        f"{count} {'test' if count == 1 else 'tests'}: {reason}"
        for reason, count in Counter(reasons).most_common()
    ]
    packages = " ".join(absent)
    install = [f"To run them, on Debian: apt install {packages}"] if lines and packages else []
    return lines + install
