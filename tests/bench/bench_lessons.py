"""What each notebook costs: `python tests/bench/bench_lessons.py [NOTEBOOK ...]`.

Runs every notebook of `lessons/` and `solutions/`, or those named, from top to bottom, each in a
kernel of its own, and prints the wall time and the most memory that the kernel held (its peak
resident set, as Linux counts it). Binder gives a student 2 GB for the server and all kernels.
"""

from __future__ import annotations

import argparse
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient

REPOSITORY = Path(__file__).resolve().parent.parent.parent
# The kernel's own peak of memory; this line runs after every cell.
PEAK = "print(next(l for l in open('/proc/self/status') if l.startswith('VmHWM')).split()[1])"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one notebook took: `seconds` of wall time, `megabytes` (10⁶ bytes) of memory at most."""

    seconds: float
    megabytes: float


def cost(notebook: Path) -> Cost:
    """Run the notebook and measure it; an error in a cell is raised."""
    document = nbformat.read(notebook, as_version=4)
    document.cells.append(nbformat.v4.new_code_cell(PEAK))
    folder = {"metadata": {"path": str(notebook.parent)}}
    client = NotebookClient(document, timeout=600, kernel_name="python3", resources=folder)
    started = time.perf_counter()
    client.execute(stderr=subprocess.DEVNULL)  # it warns that loopback is not encrypted
    kibibytes = int(document.cells[-1].outputs[0]["text"])
    return Cost(time.perf_counter() - started, kibibytes * 1024 / 1e6)


def notebooks() -> list[Path]:
    """Return the notebooks of every assignment: as students get them, then with solutions."""
    folders = [REPOSITORY / "lessons", REPOSITORY / "solutions"]
    return [path for folder in folders for path in sorted(folder.glob("*/*.ipynb"))]


def main() -> None:
    """Print one line for each notebook."""
    parser = argparse.ArgumentParser(description="What each notebook costs to run.")
    parser.add_argument("names", nargs="*", metavar="NOTEBOOK", help="all, where none is named")
    names: list[str] = parser.parse_args().names
    for path in [Path(name).resolve() for name in names] or notebooks():
        found = cost(path)
        name = f"{path.parent.parent.name}/{path.name}"
        print(f"{found.seconds:6.1f} s  {found.megabytes:6.0f} MB  {name}")


if __name__ == "__main__":
    main()
