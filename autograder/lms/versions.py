"""All versions of a notebook that a student handed in, and which of them counts.

`collected/<assignment>/<student>/` has a file for each version, named by its digest, and
`versions.json` with times and sources. Nothing in it is ever removed. `submitted/` has the version
that counts, and can be written again from `collected/` at any time, also after a killed run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from autograder.course.files import write_whole
from autograder.lms.unassigned import Unassigned, UnassignedFiles

Rule = Literal["last", "first", "last-on-time"]
RULES: tuple[Rule, ...] = ("last", "first", "last-on-time")


@dataclass(frozen=True, slots=True)
class Version:
    """One file that a student handed in.

    Attributes:
        notebook: the name of the assignment's notebook.
        digest: a digest of its bytes.
        source: the download and the path in it; or that a person put it there.
        also: other downloads, and paths in them, that had the same bytes.
        owner: the student in whose name it was downloaded, where that is another of her group.
        taken: when it was collected.
        time: when it was handed in, where the platform says so.
        late: whether the platform calls it late.
        problem: why it cannot be read or marked, or "".
        blank: whether it is as it was handed out.
        run: the number of the collection that added it.
        undone: its collection was undone.
        by_hand: a person put it into `submitted/`.
        unclear: a person has to decide: it is one of several with the same time, or no
            answer can be found in it. It never counts.
    """

    notebook: str
    digest: str
    source: str
    taken: datetime
    time: datetime | None = None
    late: bool = False
    problem: str = ""
    blank: bool = False
    run: int = 0
    undone: bool = False
    by_hand: bool = False
    unclear: bool = False
    also: tuple[str, ...] = ()
    owner: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Every download and path that had these bytes, the newest first."""
        return (*reversed(self.also), self.source)

    @property
    def moment(self) -> datetime:
        """The time by which versions are ordered: of handing in, or else of collecting."""
        return self.time or self.taken


@dataclass(frozen=True, slots=True)
class History:
    """All versions of one student's work in an assignment, and what was last written.

    `placed` has the digests in `submitted/` by notebook; `stamp` is the text of `timestamp.txt`.
    """

    versions: tuple[Version, ...] = ()
    placed: Mapping[str, str] = field(default_factory=dict)
    stamp: str = ""

    def of(self, notebook: str) -> tuple[Version, ...]:
        """The versions of one notebook that were not undone, in the order of collecting."""
        return tuple(v for v in self.versions if v.notebook == notebook and not v.undone)

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The notebooks with a version."""
        return tuple(dict.fromkeys(v.notebook for v in self.versions))


def digest_of(data: bytes) -> str:
    """Return the digest under which a file is stored."""
    return hashlib.sha256(data).hexdigest()[:32]


def on_time(version: Version, due: datetime | None, grace: timedelta = timedelta()) -> bool:
    """Return whether a version was handed in on time, as far as is known."""
    if version.time and due:
        return version.time <= due + grace
    return not version.late


def counting(
    versions: Iterable[Version],
    rule: Rule = "last",
    due: datetime | None = None,
    grace: timedelta = timedelta(),
) -> Version | None:
    """Return the version that counts: one with answers, else a blank one, else an unreadable one.

    A version that a person put there counts until something newer is handed in.
    """
    pool = [v for v in versions if not v.undone and not v.unclear]
    pool = [v for v in pool if not v.problem] or pool
    pool = [v for v in pool if not v.blank] or pool
    hands = [v.moment for v in pool if v.by_hand]
    if hands:
        pool = [v for v in pool if v.moment >= max(hands)]
    elif rule == "last-on-time":
        pool = [v for v in pool if on_time(v, due, grace)] or pool
    if not pool:
        return None
    if rule == "first" and not hands:
        return min(pool, key=lambda v: v.moment)  # of equal ones, the first
    return max(reversed(pool), key=lambda v: (v.moment, v.by_hand))


class Store:
    """The versions of one assignment, on disk under `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.unassigned = UnassignedFiles(root)

    def history(self, student: str) -> History:
        """Read the history of a student's work."""
        path = self.root / student / "versions.json"
        if not path.is_file():
            return History()
        kept = json.loads(path.read_bytes())
        versions = tuple(_version(v) for v in kept["versions"])
        return History(versions, kept["placed"], kept["stamp"])

    def students(self) -> list[str]:
        """Return the ids of the students with a history."""
        if not self.root.is_dir():
            return []
        return sorted(p.parent.name for p in self.root.glob("*/versions.json"))

    def keep(self, student: str, notebook: str, data: bytes) -> str:
        """Store a file's bytes; return their digest."""
        digest = digest_of(data)
        path = self.path(student, notebook, digest)
        if not path.is_file():
            write_whole(path, data, 0o644)
        return digest

    def path(self, student: str, notebook: str, digest: str) -> Path:
        """Return the file of a version."""
        return self.root / student / notebook / f"{digest}.ipynb"

    def write(self, student: str, history: History) -> None:
        """Write a student's history atomically."""
        kept = {
            "versions": [_plain(v) for v in history.versions],
            "placed": dict(history.placed),
            "stamp": history.stamp,
        }
        data = json.dumps(kept, ensure_ascii=False, indent=1).encode()
        write_whole(self.root / student / "versions.json", data, 0o644)

    def last_run(self, *, undone: bool = False) -> int:
        """Return the number of the last collection, or 0."""
        everything = (v for student in self.students() for v in self.history(student).versions)
        last = max((v.run for v in everything if undone or not v.undone), default=0)
        return max(last, self.unassigned.last_run(undone=undone))


@dataclass(frozen=True, slots=True)
class Undone:
    """What a collection had added: versions by student, and files that belong to nobody."""

    versions: Mapping[str, list[Version]]
    unassigned: list[Unassigned]


def undo(store: Store) -> Undone:
    """Undo the last collection; return what it had added.

    `submitted/` is as before once `settle` was called for each student.
    """
    run = store.last_run()
    taken_back: dict[str, list[Version]] = {}
    for student in store.students() if run else ():
        history = store.history(student)
        mine = [v for v in history.versions if v.run == run and not v.undone]
        if mine:
            versions = tuple(replace(v, undone=True) if v in mine else v for v in history.versions)
            store.write(student, replace(history, versions=versions))
            taken_back[student] = mine
    return Undone(taken_back, store.unassigned.undo(run))


def _plain(version: Version) -> dict[str, Any]:
    kept = asdict(version)
    kept["taken"] = version.taken.isoformat()
    kept["time"] = version.time.isoformat() if version.time else None
    return {name: value for name, value in kept.items() if value not in (None, "", False, 0, ())}


def _version(kept: dict[str, Any]) -> Version:
    time = datetime.fromisoformat(kept["time"]) if kept.get("time") else None
    taken = datetime.fromisoformat(kept["taken"]).astimezone(UTC)
    also = tuple(kept.get("also", ()))
    return Version(**(kept | {"taken": taken, "time": time, "also": also}))
