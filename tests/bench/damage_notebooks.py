"""Damage notebooks without end and mark each: no crash, no point that was not earned.

python tests/bench/damage_notebooks.py --count 100000
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).parents[1]))

from course_builder import ASSIGNMENT, build_course, released
from notebooks.damage import damaged

from autograder.authoring.generate import generate
from autograder.course.course import open_course
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.engine import mark_notebook
from autograder.notebooks.marked import marked_page
from autograder.notebooks.master import Template, templates


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = build_course(Path(folder) / "course")
        course = open_course(root)
        generate(course, ASSIGNMENT)
        with Gradebook(course, ASSIGNMENT) as gradebook:
            masters = templates(course.released(ASSIGNMENT), ASSIGNMENT, gradebook.sources())
        blank = released(root)
    begun = time.monotonic()
    for seed in tqdm(range(options.first, options.first + options.count), unit="notebook"):
        _try(seed, masters, blank)
    rate = options.count / (time.monotonic() - begun)
    print(f"{options.count} damaged notebooks, {rate:,.0f} a second: no crash, no unearned point")


def _try(seed: int, masters: dict[str, Template], blank: dict[str, dict]) -> None:
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    name = chance.choice(list(masters))
    marking = mark_notebook(masters[name], damaged(blank[name], chance), "adam", lambda: "no")
    marked = marking.notebook
    json.loads(marked_page(masters[name], marked, marking.matched))
    if any(mark.points for mark in marked.marks):
        raise SystemExit(f"seed {seed}: a point that was not earned: {marked.marks}")
    if any("could not be marked" in r for mark in marked.marks for r in mark.reasons):
        raise SystemExit(f"seed {seed}: {marked.marks}")


if __name__ == "__main__":
    main()
