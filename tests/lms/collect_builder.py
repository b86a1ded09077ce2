"""Downloads as platforms make them, for an assignment of two notebooks and a class of three."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.gradebook.people import Person
from autograder.lms.collect import Collected, Run, collect
from autograder.lms.downloads import opened
from autograder.lms.hand_in import Deadlines, Submitted
from autograder.lms.identify import Directory
from autograder.lms.recognise import Assignment, Recogniser
from autograder.lms.versions import Store

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
STUB = "sizes = ..."
RELEASED = Assignment(
    "padding", {"1_padding": {"sizes": STUB}, "2_stride": {"steps": "steps = ..."}}
)
CELLS = {"1_padding": "sizes", "2_stride": "steps"}
PEOPLE = (
    Person("ada", "Ada", "Okafor", "ada@example.org", "17"),
    Person("ben", "Ben", "O'Neil", "ben@example.org", "18"),
    Person("cai", "Cai", "Žižek", "cai@example.org", "19"),
)


def notebook_file(notebook: str, answer: str) -> bytes:
    """A notebook of the assignment with one answer."""
    grade_id = CELLS.get(notebook, notebook)
    flags = {"nbgrader": {"grade_id": grade_id, "solution": True, "grade": False}}
    cell = {"cell_type": "code", "metadata": flags, "source": answer, "outputs": []}
    cells = [cell | {"execution_count": None}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


ANSWERED = notebook_file("1_padding", "sizes = [26]")
BLANK = notebook_file("1_padding", STUB)


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def submitted_to(root: Path, **options) -> Submitted:
    """Where the work goes."""
    root.mkdir(exist_ok=True)
    due = options.pop("due", None)
    late_by = options.pop("late_by", None)
    extensions = options.pop("extensions", {})
    deadlines = Deadlines(due, lambda id_: extensions.get(id_, timedelta()), late_by)
    store = Store(root / "collected" / "padding")
    folder = root / "submitted"
    return Submitted(root, lambda id_: folder / id_ / "padding", store, deadlines, **options)


def collected(
    source: Path,
    root: Path,
    *,
    people=PEOPLE,
    numbers=None,
    zone=UTC,
    times=None,
    now=AT,
    groups=None,
    released=RELEASED,
    **options,
) -> Collected:
    """Collect one download into a course at `root`."""
    submitted = submitted_to(root, **options)
    recogniser = Recogniser(Directory(people, numbers or {}), released, zone, times or {})
    run = Run(source.name, now, submitted.store.last_run(undone=True) + 1)
    with opened(source) as items:
        return collect(items, recogniser, submitted, run=run, groups=groups)


def everything_under(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def submitted_files(root: Path) -> dict[str, bytes]:
    return everything_under(root / "submitted")
