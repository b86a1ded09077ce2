"""One notebook into a student's folder: in one step, with the time it was handed in.

The time is the platform's, never the student's: a `timestamp.txt` in a download is not read, and
files' own dates are not believed. It is written as nbgrader reads it, in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Literal

from autograder.course.files import write_whole
from autograder.gradebook.people import Person
from autograder.lms.roster import PARTICIPANT
from autograder.lms.tables import TableError, read_table

SubmissionRecord = Literal["written", "unchanged", "older"]
STAMP = "%Y-%m-%d %H:%M:%S UTC"
MOODLE_TIMES = ("%d %B %Y, %I:%M %p", "%d %B %Y, %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")
SUBMITTED = "Last modified (submission)"


class FolderError(Exception):
    """A student's folder that must not, or cannot, be written; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When each student handed in, as far as the platform says: in UTC, and the due date."""

    times: Mapping[str, datetime] = field(default_factory=dict)
    due: datetime | None = None

    def knows(self, student: str) -> bool:
        """Tell whether the platform gives the very time."""
        return student in self.times

    def of(self, student: str, late: bool) -> datetime | None:
        """Return the time; where only lateness is known, the least that is late."""
        if student in self.times:
            return self.times[student]
        return self.due + timedelta(seconds=1) if late and self.due else None

    @property
    def excuse(self) -> str:
        """What to tell of a file that is called late, by an unknown time."""
        if self.due is None:
            return "called late, but the gradebook has no due date; set one to have a penalty"
        return (
            "called late, but not by how much: counted as one second; correct its timestamp.txt "
            "if you know the time"
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where an assignment's notebooks go: `folder_of` a student, inside the course at `root`."""

    root: Path
    folder_of: Callable[[str], Path]
    timing: Timing = field(default_factory=Timing)
    dry_run: bool = False

    def put(self, data: bytes, student: str, notebook: str, late: bool) -> SubmissionRecord:
        """Put a notebook in place, with its time; the same bytes again change nothing.

        Raises:
            FolderError: when a link stands in the way or the disk refuses.
        """
        folder = self.folder_of(student)
        target, stamp = folder / f"{notebook}.ipynb", folder / "timestamp.txt"
        time = self.timing.of(student, late)
        try:
            refuse_links(folder, self.root)
            if target.is_symlink() or stamp.is_symlink():
                raise FolderError(f"{target} or its timestamp.txt is a link; remove it")
            before = target.read_bytes() if target.is_file() else None
            earlier = stamped(stamp)
            if before not in {None, data} and time and earlier and time < earlier:
                return "older"
            if not self.dry_run:
                folder.mkdir(parents=True, exist_ok=True)
                if time and (earlier is None or time > earlier):
                    write_whole(stamp, time.astimezone(UTC).strftime(STAMP).encode(), 0o644)
                if before != data:
                    write_whole(target, data, 0o644)
        except OSError as error:
            raise FolderError(f"{target} cannot be written: {error.strerror}") from error
        return "unchanged" if before == data else "written"


def stamped(stamp: Path) -> datetime | None:
    """Return the time in a timestamp.txt, or None where there is none that can be read."""
    if not stamp.is_file():
        return None
    text = re.sub(r"(\.\d+)? UTC$", "", stamp.read_text(errors="replace").strip())
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def refuse_links(folder: Path, root: Path) -> None:
    """Refuse a folder that is not inside `root`, or is so only by name.

    Raises:
        FolderError: when a part of the way is a link, or leads out of the course.
    """
    if not folder.is_relative_to(root) or ".." in folder.parts:
        raise FolderError(f"{folder} is outside the course {root}")
    for step in (folder, *folder.parents):
        if step == root:
            return
        if step.is_symlink() or (step.exists() and not step.is_dir()):
            raise FolderError(f"{step} is not a plain folder of the course; move it away")


def worksheet_times(
    path: Path, people: tuple[Person, ...], zone: tzinfo | None = None
) -> dict[str, datetime]:
    """Return when each student handed in, from Moodle's grading worksheet, in UTC.

    The worksheet has the times of the site's zone; `zone` None takes this machine's.

    Raises:
        TableError: when it is no such worksheet, or a time in it cannot be read.
    """
    header, rows = read_table(path)
    if not {"Identifier", SUBMITTED} <= set(header):
        raise TableError(f"{path} is no grading worksheet: it has no Identifier and {SUBMITTED!r}")
    ids = {person.lms_user_id: person.id for person in people if person.lms_user_id}
    times = {}
    for row in rows:
        number = PARTICIPANT.fullmatch(row["Identifier"])
        if number and number[1] in ids and row[SUBMITTED] not in {"", "-"}:
            local = moodle_time(row[SUBMITTED], path).replace(tzinfo=zone)
            times[ids[number[1]]] = local.astimezone(UTC)
    return times


def moodle_time(text: str, path: Path) -> datetime:
    """Return a time as an English Moodle writes it: Tuesday, 24 November 2026, 3:04 PM."""
    plain = re.sub(r"^[A-Za-z]+, ", "", " ".join(text.split()))
    for form in MOODLE_TIMES:
        try:
            return datetime.strptime(plain, form)  # noqa: DTZ007 - the caller adds the site's zone
        except ValueError:
            continue
    raise TableError(
        f"{path}: {text!r} is no time that Moodle writes in English; set it to English"
    )
