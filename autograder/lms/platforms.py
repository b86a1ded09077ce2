"""Reading the student, and the time, from the name of a downloaded file.

The forms, and where they are from:

- Canvas (`lib/content_zipper.rb`): `<name>[_LATE]_<user id>_<attachment id>_<file>`; an anonymous
  assignment has `[LATE_]anon_<anonymous id>_<attachment id>_<file>`;
- Moodle (`mod/assign/locallib.php`): `[<group>-]<full name>_<participant>_assignsubmission_file/`,
  until 4.0 with a further `_` at the end, or the same without folders. These words are in Moodle's
  code and not in a language pack, so they are the same in every language;
- Blackboard Learn (Assignment File Download):
  `<assignment>_<username>_attempt_<YYYY-MM-DD-HH-MM-SS>_<file>`;
- Brightspace: a folder `<number>-<number> - [<username or OrgDefinedId> ]<name> - <time>`, or the
  same before ` - <file>`;
- Google Classroom (a folder of Drive), a copy that was made for a student: `<name> - <file>`; other
  teachers ask for `<file> - <name>`;
- a folder whose name is a student's id, e-mail address or name, with the notebooks anywhere inside.

Students choose their own names, file names and folders. So the outermost folder is read first, and
a name from the left; the first part that has a platform's form decides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import PurePosixPath
from typing import Literal

from autograder.course.times import read_time
from autograder.gradebook.people import alike_key as key
from autograder.lms.notebook_names import undecorated

Platform = Literal["canvas", "moodle", "blackboard", "brightspace", "drive", "folder"]
CANVAS = re.compile(
    r"(?P<name>.*?)(?P<late>_LATE)?_(?P<number>[0-9]+)_(?P<piece>[0-9]+)_(?P<file>.+)", re.DOTALL
)
_CANVAS_AGAIN = re.compile(r"(?P<number>[0-9]+)_(?P<piece>[0-9]+)_(?P<file>.+)", re.DOTALL)
CANVAS_UNNAMED = re.compile(
    r"(?P<late>LATE_)?anon_(?P<number>[A-Za-z0-9]+)_(?P<piece>[0-9]+)_(?P<file>.+)", re.DOTALL
)
MOODLE_FOLDER = re.compile(
    r"(?P<name>.*)_(?P<number>[0-9]+)_assignsubmission_(?:file|onlinetext)_?", re.DOTALL
)
MOODLE_FLAT = re.compile(
    r"(?P<name>.*?)_(?P<number>[0-9]+)_assignsubmission_(?:file|onlinetext)_(?P<file>.+)", re.DOTALL
)
BLACKBOARD = re.compile(
    r"(?P<name>.+?)_attempt_(?P<time>\d{4}(?:-\d{2}){5})(?:_(?P<file>.+)|\.txt)", re.DOTALL
)
_DATE = r"(?:\w+ \d{1,2},? \d{4}|\d{1,2} \w+,? \d{4}),? \d{1,2}:?\d{2} ?[AaPp]\.?[Mm]\.?"
BRIGHTSPACE = re.compile(
    rf"\d+-\d+ - (?P<name>.+?) - (?P<time>{_DATE})(?: - (?P<file>.+))?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a path says: the file, the student as the platform names her, the time, lateness.

    `number` is the platform's number; `account` an id, an e-mail address or a user name; `name` the
    name shown. `piece` orders the files of one attempt. Empty where the path does not say.
    """

    platform: Platform
    file: str
    number: str = ""
    account: str = ""
    name: str = ""
    late: bool = False
    time: datetime | None = None
    piece: int = 0

    @property
    def may_be_chance(self) -> bool:
        """Whether any folder or file may have this form: it counts only where a student fits."""
        return self.platform == "drive" or (self.platform == "folder" and not self.account)


def claims_of(
    path: PurePosixPath, accounts: Collection[str], zone: tzinfo = UTC
) -> list[tuple[Claim, ...]]:
    """Return the claims of each part of a path, the outermost first; `accounts` are keys of ids.

    A part with the forms of two platforms has two claims.

    >>> claims_of(PurePosixPath("okaforada_LATE_17_905_1_padding-2.ipynb"), {"ada"})[0][0].number
    '17'
    """
    found = []
    for depth, part in enumerate(path.parts):
        inside = depth + 1 < len(path.parts)
        said = _folder(part, path.name, accounts, zone) if inside else ()
        if not said and (not inside or ".zip" in part.casefold()):
            said = tuple(_file(part, path.name if inside else "", accounts, zone))
        if not said and not inside:  # where no platform names the student, a copy's name may
            said = tuple(_drive(part))
        if said:
            found.append(said)
    return found


def _folder(part: str, file: str, accounts: Collection[str], zone: tzinfo) -> tuple[Claim, ...]:
    """Return the claims of a folder's name, for a file anywhere inside."""
    if match := MOODLE_FOLDER.fullmatch(part):
        return (Claim("moodle", file, number=match["number"], name=match["name"]),)
    match = BRIGHTSPACE.fullmatch(part)
    if match and not match["file"]:
        return (Claim("brightspace", file, name=match["name"], time=_time(match["time"], zone)),)
    if key(part) in accounts:
        return (Claim("folder", file, account=part),)
    return () if ".zip" in part.casefold() else (Claim("folder", file, name=spaced(part)),)


def spaced(name: str) -> str:
    """Return a folder's name with spaces where a program wrote underscores.

    >>> spaced("Ada_Okafor")
    'Ada Okafor'
    """
    return name.replace("_", " ")


def _file(part: str, inside: str, accounts: Collection[str], zone: tzinfo) -> Iterator[Claim]:
    """Yield the claims of a file's name; `inside` is a file in it, where it is a zip."""
    if match := MOODLE_FLAT.fullmatch(part):
        number, name = match["number"], match["name"]
        yield Claim("moodle", inside or match["file"], number=number, name=name)
    if match := BLACKBOARD.fullmatch(part):
        yield _blackboard(match, inside, accounts, zone)
    match = BRIGHTSPACE.fullmatch(part)
    if match and match["file"]:
        when = _time(match["time"], zone)
        yield Claim("brightspace", inside or match["file"], name=match["name"], time=when)
    yield from _canvas(part, inside)


def _drive(part: str) -> Iterator[Claim]:
    """Yield the claims of a copy in Google Drive: the name before the file, or after it."""
    first, dash, rest = part.partition(" - ")
    if not dash:
        return
    yield Claim("drive", rest, name=undecorated(first))
    front, _, back = part.rpartition(" - ")
    last, dot, ending = back.partition(".")
    yield Claim("drive", f"{front}{dot}{ending}", name=undecorated(last))


def _canvas(part: str, inside: str) -> Iterator[Claim]:
    """Yield the claims of a file's name in Canvas's form.

    A student's name that ends in a number, or a file's that begins with one, has two claims.
    """
    if match := CANVAS_UNNAMED.fullmatch(part):
        late, piece = bool(match["late"]), int(match["piece"])
        number = f"anon_{match['number']}"
        yield Claim("canvas", inside or match["file"], number, late=late, piece=piece)
        return
    match = CANVAS.fullmatch(part)
    late = bool(match and match["late"])
    while match:
        number, piece = match["number"], int(match["piece"])
        name = part[: match.start("number") - 1]
        yield Claim("canvas", inside or match["file"], number, name=name, late=late, piece=piece)
        match = _CANVAS_AGAIN.fullmatch(part, match.start("piece"))


def _blackboard(
    match: re.Match[str], inside: str, accounts: Collection[str], zone: tzinfo
) -> Claim:
    stamp = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S").replace(tzinfo=zone)
    account = _after_assignment(match["name"], accounts)
    file = inside or match["file"] or "receipt.txt"
    return Claim("blackboard", file, account=account, time=stamp.astimezone(UTC))


def _after_assignment(text: str, accounts: Collection[str]) -> str:
    """Return the user name in `<assignment>_<username>`, either of which may hold `_`.

    The longest ending that is somebody's id counts; without one, the text after the last `_`.
    """
    starts = [i + 1 for i, letter in enumerate(text) if letter == "_"]
    known = (text[start:] for start in starts if key(text[start:]) in accounts)
    return next(known, text[starts[-1] :] if starts else text)


def _time(text: str, zone: tzinfo) -> datetime | None:
    try:
        return read_time(text, zone)
    except ValueError:
        return None
