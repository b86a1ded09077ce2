"""The working folder of a student's cells, with the assignment's files, as in stock nbgrader."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from autograder.course.files import write_whole
from autograder.marking.runs import Runs
from autograder.notebooks.assignment_files import (
    Files,
    FoundFiles,
    can_run_in_a_page,
    is_left_out,
)
from autograder.notebooks.master import Template
from autograder.records import Answers, BesideTest, Finding, Noticed, Submission, TestResult

_MOST_SAID = 5
_LARGEST = 4 * 2**20  # bytes of a notebook that is put into the folder
_MOST = 24 * 2**20  # bytes of all files in it, if notebooks are


class InFolder:
    """Runs cells and tests in a folder with these files."""

    def __init__(self, runs: Any, files: Files) -> None:
        self._runs, self._files = runs, files

    def answers(
        self, submission: Submission, names: frozenset[str], *, noticed: Noticed
    ) -> AbstractContextManager[Answers]:
        """Run the cells and return the answers."""
        found: AbstractContextManager[Answers] = self._runs.answers(
            submission, names, files=self._files, noticed=noticed
        )
        return found

    def outputs(self, submission: Submission) -> Mapping[int, Sequence[Any]]:
        """Run all cells, and give what each shows."""
        found: Mapping[int, Sequence[Any]] = self._runs.outputs(submission, files=self._files)
        return found

    def tests(
        self, submission: Submission, tests: Sequence[BesideTest], *, noticed: Noticed
    ) -> Mapping[str, TestResult]:
        """Run the cells, then these tests beside them."""
        found: Mapping[str, TestResult] = self._runs.tests(
            submission, tests, files=self._files, noticed=noticed
        )
        return found


def in_folder(runner: Callable[[], Runs | str], files: Files) -> Callable[[], Runs | str]:
    """Return a runner whose working folder has `files`."""
    if not files:
        return runner

    def runs() -> Runs | str:
        found = runner()
        return found if isinstance(found, str) else InFolder(found, files)

    return runs


def with_notebooks(files: Files, handed: Mapping[str, object]) -> Files:
    """Return the files with a student's notebooks: as under stock, they lie beside each other.

    They are as they were handed in, so no hidden test is in them. Where all together are large,
    they are left out: a data file that a cell needs comes first.

    >>> [*with_notebooks({"a.csv": b"1"}, {"1_sizes": b"{}", "2_none": None})]
    ['a.csv', '1_sizes.ipynb']
    """
    notebooks = {
        f"{name}.ipynb": data
        for name, data in handed.items()
        if isinstance(data, bytes) and 0 < len(data) <= _LARGEST
    }
    large = sum(map(len, (*files.values(), *notebooks.values()))) > _MOST
    return files if large else {**files, **notebooks}


def left_out(found: FoundFiles) -> tuple[Finding, ...]:
    """Return findings for the files of a student that were left out."""
    said = (f"A file that was handed in was left out: {why}." for why in found.troubles)
    return tuple(Finding("files", words) for _, words in zip(range(_MOST_SAID), said, strict=False))


def copy_beside(folder: Path, others: Files, templates: Iterable[Template]) -> None:
    """Copy data and pictures beside the marked notebook; the instructor's replace the student's.

    What a browser would run is not copied: formgrader shows files with an instructor's rights. What
    lies there of an earlier version and is no longer handed in is removed, as stock nbgrader does.
    """
    shown = {name: data for name, data in others.items() if not can_run_in_a_page(name)}
    for template in templates:
        shown |= template.files
    for name, data in shown.items():
        path = folder / name
        if not (path.is_file() and path.read_bytes() == data):
            write_whole(path, data)
    _remove_others(folder, shown.keys())


def _remove_others(folder: Path, kept: Collection[str]) -> None:
    """Remove the files that are not `kept`; notebooks and the time of handing in stay."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):  # it is not empty
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in kept and not is_left_out([path.name], ()):
            path.unlink(missing_ok=True)
