"""Files of a download that belong to no student or notebook yet, kept until a person decides.

`collected/<assignment>/_unassigned/` has their bytes, and `files.json` what is known of them. A
file is open until it belongs to a student, its collection is undone, or a person deletes
it there. Each `collect` tries the open ones again: the roster may have changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.course.files import write_whole
from autograder.course.outcome import printable
from autograder.lms.downloads import DownloadedFile
from autograder.lms.recognise import Kind

FOLDER = "_unassigned"  # no student's id starts with "_"


@dataclass(frozen=True, slots=True)
class Unassigned:
    """One such file.

    Attributes:
        kind: the kind of its problem.
        source: the download's name.
        path: the path in the download, as `downloads.py` gives it.
        digest: a digest of its bytes.
        reason: why it is not accepted.
        do: what a person can do.
        taken: when it was collected.
        run: the number of the collection that found it.
        undone: its collection was undone.
    """

    kind: Kind
    source: str
    path: str
    digest: str
    reason: str
    do: str
    taken: str
    run: int
    undone: bool = False

    @property
    def time(self) -> datetime:
        """When it was collected."""
        return datetime.fromisoformat(self.taken)


class UnassignedFiles:
    """The unassigned files of one assignment, in `root`, the folder of its collected work."""

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER
        self.record = self.folder / "files.json"

    def all(self) -> list[Unassigned]:
        """Return every file that was ever unassigned, in the order of collecting."""
        if not self.record.is_file():
            return []
        return [Unassigned(**kept) for kept in json.loads(self.record.read_bytes())]

    def place(self, file: Unassigned) -> Path:
        """Return where the bytes of a file are kept; its name is at the end."""
        return self.folder / f"{file.digest[:12]}-{printable(PurePosixPath(file.path).name)[-40:]}"

    def store(self, file: Unassigned, data: bytes) -> None:
        """Store a file's bytes; `add` records it."""
        write_whole(self.place(file), data, 0o644)

    def add(self, files: Iterable[Unassigned]) -> None:
        """Record files; of one whose collection was undone, the new record counts."""
        new = list(files)
        if new:
            again = {(f.digest, f.path) for f in new}
            self._write([*(f for f in self.all() if (f.digest, f.path) not in again), *new])

    def deleted(self) -> set[str]:
        """Return the digests of the files that a person has deleted, as they are nobody's."""
        return {f.digest for f in self.all() if not f.undone and not self.place(f).is_file()}

    def open(self) -> list[Unassigned]:
        """Return the files that were neither undone nor deleted."""
        return [f for f in self.all() if not f.undone and self.place(f).is_file()]

    def as_downloaded(self, file: Unassigned) -> DownloadedFile:
        """Return a file as it was in its download."""
        return DownloadedFile(PurePosixPath(file.path), partial(self.place(file).read_bytes))

    def last_run(self, *, undone: bool = False) -> int:
        """Return the number of the last collection that found such a file, or 0."""
        return max((f.run for f in self.all() if undone or not f.undone), default=0)

    def undo(self, run: int) -> list[Unassigned]:
        """Mark the files of a collection as undone, and return them."""
        known = self.all()
        mine = [f for f in known if f.run == run and not f.undone]
        if mine:
            self._write([replace(f, undone=True) if f in mine else f for f in known])
        return mine

    def _write(self, files: list[Unassigned]) -> None:
        data = json.dumps([asdict(f) for f in files], indent=1).encode()
        write_whole(self.record, data, 0o644)
