"""Whose notebook a downloaded file is, from its name alone.

The conventions, as the platforms' own sources have them:

- Canvas (`lib/content_zipper.rb`): `<name>[_LATE]_<user id>_<attachment id>_<file>`;
- Moodle (`mod/assign`): `<full name>_<participant>_assignsubmission_file_/<file>`, or the same
  without the folder;
- `<student id>/<file>`, and nbgrader's `<student id>/<assignment>/<file>`.

Students choose their own names and file names, so a name is read from the left for the first pair
of numbers, and what remains must be just a notebook of the assignment: `x_1_2_1_padding.ipynb`,
uploaded by another, cannot be taken for the work of number 1.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

CANVAS = re.compile(
    r"(?P<name>.*?)(?P<late>_LATE)?_(?P<number>[0-9]+)_[0-9]+_(?P<file>.+)", re.DOTALL
)
CANVAS_UNNAMED = re.compile(r"(?P<late>LATE_)?anon_", re.DOTALL)
MOODLE_FOLDER = re.compile(r".*_(?P<number>[0-9]+)_assignsubmission_file_", re.DOTALL)
MOODLE_FLAT = re.compile(r".*?_(?P<number>[0-9]+)_assignsubmission_file_(?P<file>.+)", re.DOTALL)
COPY = re.compile(r"( ?\([0-9]+\)|-[0-9]+)$")  # `lesson (1)` by a browser, `lesson-1` by Canvas


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file's name says: a platform's number or a student's id, the notebook, lateness."""

    file: str
    number: str = ""
    student: str = ""
    late: bool = False


def claim_of(path: PurePosixPath, students: Collection[str], assignment: str) -> Claim | None:
    """Return what the name of a downloaded file says, or None where no convention fits.

    >>> claim_of(PurePosixPath("okaforada_LATE_17_905_1_padding-2.ipynb"), {"ada"}, "a")
    Claim(file='1_padding-2.ipynb', number='17', student='', late=True)
    """
    folder = path.parent.name
    if match := MOODLE_FOLDER.fullmatch(folder):
        return Claim(path.name, number=match["number"])
    if folder in students:
        return Claim(path.name, student=folder)
    if folder == assignment and path.parent.parent.name in students:
        return Claim(path.name, student=path.parent.parent.name)
    if match := MOODLE_FLAT.fullmatch(path.name):
        return Claim(match["file"], number=match["number"])
    if match := CANVAS.fullmatch(path.name):
        return Claim(match["file"], number=match["number"], late=bool(match["late"]))
    return None


def notebook_named(file: str, notebooks: Collection[str]) -> str:
    """Return which notebook of the assignment a file is, or the empty string.

    >>> notebook_named("1_padding (2).ipynb", {"1_padding"})
    '1_padding'
    """
    stem, dot, extension = file.rpartition(".")
    if not dot or extension.lower() != "ipynb":
        return ""
    while stem not in notebooks and COPY.search(stem):
        stem = COPY.sub("", stem)
    return stem if stem in notebooks else ""
