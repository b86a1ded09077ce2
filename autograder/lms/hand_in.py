"""Writing the version that counts of a student's work to `submitted/`, with its time.

The time is the platform's, never the student's: a `timestamp.txt` in a download, and the dates of
files, are ignored. What the instructor puts into `submitted/` or changes there is stored as a
version too, and counts until something newer is handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.course.files import write_whole
from autograder.course.times import STAMP, read_time
from autograder.lms.versions import History, Rule, Store, Version, counting, digest_of

FOUND_THERE = "found in the folder submitted"


class FolderError(Exception):
    """A student's folder must not, or cannot, be written; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When an assignment is due, and how lateness without a time is treated.

    `extensions` is more time by student; `late_by` is the instructor's choice for work that a
    platform calls late without a time.
    """

    due: datetime | None = None
    extensions: Callable[[str], timedelta] = lambda _: timedelta()
    late_by: timedelta | None = None

    def of(self, student: str) -> datetime | None:
        """Return a student's own deadline."""
        return self.due + self.extensions(student) if self.due else None


@dataclass(frozen=True, slots=True)
class Submitted:
    """Where an assignment's work is written: `folder_of` a student, in the course at `root`."""

    root: Path
    folder_of: Callable[[str], Path]
    store: Store
    deadlines: Deadlines = Deadlines()
    rule: Rule = "last"
    dry_run: bool = False

    def known(self, student: str) -> History:
        """Return the history; files that a person has put into `submitted/` are added as versions.

        Raises:
            FolderError: when a part of the path is a link.
        """
        history = self.store.history(student)
        folder = self.folder_of(student)
        refuse_links(folder, self.root)
        found = sorted(folder.glob("*.ipynb")) if folder.is_dir() else []
        adopted = [v for path in found if (v := self._by_hand(student, path, history))]
        return replace(history, versions=(*history.versions, *adopted))

    def _by_hand(self, student: str, path: Path, history: History) -> Version | None:
        """Return the version that a person put there; None where the program wrote the file."""
        if path.is_symlink() or not path.is_file():
            raise FolderError(f"{path} is a link or not a file; remove it")
        data, notebook = path.read_bytes(), path.stem
        counts = self.counts(student, history, notebook)
        ours = {history.placed.get(notebook), counts.digest if counts else None}
        if digest_of(data) in ours:
            return None
        if not self.dry_run:
            self.store.keep(student, notebook, data)
        return Version(
            notebook,
            digest_of(data),
            FOUND_THERE,
            datetime.fromtimestamp(path.stat().st_mtime, UTC),
            stamped(path.with_name("timestamp.txt")),
            late=bool(counts and counts.late),
            by_hand=True,
        )

    def counts(self, student: str, history: History, notebook: str) -> Version | None:
        """Return the version of a notebook that counts."""
        return counting(history.of(notebook), self.rule, self.deadlines.of(student))

    def settle(self, student: str, history: History) -> History:
        """Write what counts to `submitted/` and record it; return the history as recorded.

        Raises:
            FolderError: when a part of the path is a link, or writing fails.
        """
        if self.dry_run:
            return history
        folder = self.folder_of(student)
        try:
            refuse_links(folder, self.root)
            self.store.write(
                student, history
            )  # first, so that nothing is lost if the process is killed
            placed = {
                notebook: digest
                for notebook in history.notebooks
                if (digest := self._place(student, folder, history, notebook))
            }
            stamp = self._stamp(student, folder, history, placed)
            settled = replace(history, placed=placed, stamp=stamp)
            self.store.write(student, settled)
        except OSError as error:
            raise FolderError(f"{folder} cannot be written: {error.strerror}") from error
        return settled

    def _place(self, student: str, folder: Path, history: History, notebook: str) -> str:
        """Write one notebook and return its digest; remove the file where no version counts."""
        target = folder / f"{notebook}.ipynb"
        if target.is_symlink():
            raise FolderError(f"{target} is a link; remove it")
        there = digest_of(target.read_bytes()) if target.is_file() else ""
        counts = self.counts(student, history, notebook)
        if counts is None:
            if there and there == history.placed.get(notebook):
                target.unlink()
            return ""
        if there != counts.digest:
            data = self.store.path(student, notebook, counts.digest).read_bytes()
            write_whole(target, data, 0o644)
        return counts.digest

    def time(self, student: str, history: History) -> datetime | None:
        """Return when the work that counts was handed in; None where it is not known."""
        counting_ = [v for n in history.notebooks if (v := self.counts(student, history, n))]
        times = [v.time for v in counting_ if v.time]
        due, late_by = (
            self.deadlines.due,
            self.deadlines.late_by,
        )  # the platform's due date decides what is late
        if due and late_by is not None and any(v.late and not v.time for v in counting_):
            times.append(due + late_by)
        return max(times, default=None)

    def lateness_unknown(self, student: str, history: History) -> bool:
        """Return whether the platform calls the work late while no time is known."""
        if self.deadlines.late_by is not None or self._stamped_by_hand(student, history):
            return False
        counting_ = [v for n in history.notebooks if (v := self.counts(student, history, n))]
        return any(v.late and not v.time for v in counting_)

    def _stamped_by_hand(self, student: str, history: History) -> bool:
        stamp = self.folder_of(student) / "timestamp.txt"
        return stamp.is_file() and read_text(stamp) != history.stamp and stamped(stamp) is not None

    def _stamp(self, student: str, folder: Path, history: History, placed: dict[str, str]) -> str:
        """Write the time of handing in; one that a person wrote stays as long as the work does."""
        path = folder / "timestamp.txt"
        if path.is_symlink():
            raise FolderError(f"{path} is a link; remove it")
        now = read_text(path) if path.is_file() else ""
        if history.placed == placed and now != history.stamp:
            return history.stamp
        time = self.time(student, history)
        text = time.astimezone(UTC).strftime(STAMP) if time else ""
        if text and text != now:
            write_whole(path, text.encode(), 0o644)
        elif not text:
            path.unlink(missing_ok=True)
        return text


def read_text(stamp: Path) -> str:
    """Return the text of a timestamp.txt."""
    return stamp.read_text(encoding="utf-8", errors="replace").strip()


def stamped(stamp: Path) -> datetime | None:
    """Return the time in a timestamp.txt, or None where it cannot be read."""
    try:
        return read_time(read_text(stamp)) if stamp.is_file() else None
    except ValueError:
        return None


def refuse_links(folder: Path, root: Path) -> None:
    """Refuse a folder that is not really inside `root`.

    Raises:
        FolderError: when a part of the path is a link, or the path leads out of the course.
    """
    if not folder.is_relative_to(root) or ".." in folder.parts:
        raise FolderError(f"{folder} is outside the course {root}")
    for step in (folder, *folder.parents):
        if step == root:
            return
        if step.is_symlink() or (step.exists() and not step.is_dir()):
            raise FolderError(f"{step} is a link or not a folder; move it away")
