"""Reading the times that platforms, files and instructors write.

What has two meanings is refused: three letters such as "PST" (three zones), and 03/04/2026 (two
days). A time without a zone is in the zone that the caller gives.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

STAMP = "%Y-%m-%d %H:%M:%S UTC"
"""The format of `timestamp.txt`, which nbgrader reads."""

# How the months' names begin in the languages of Moodle that are written in Latin letters: en, de,
# fr, es, it, pt, nl, sv, da, nb, fi, pl, cs. The longest one that matches counts.
MONTHS = {
    1: "jan gen ene januar janvier enero gennaio janeiro januari styc led tammi jän",
    2: "feb fév fev febr fevr lut únor unor helmi",
    3: "mar mär maa marz mars märz maart marc břez brez maalis",
    4: "apr abr avr kwi dub huhti",
    5: "may mai maj mag mei maio maggio mayo kvě kve touko",
    6: "jun juin giu jui czer červn cervn kesä kesa",
    7: "jul juil lug lip červenec cervenec červenc cervenc heinä heina",
    8: "aug aoû aou ago sie srp elo",
    9: "sep set wrz zář zar syys",
    10: "oct okt out ott paź paz říj rij loka",
    11: "nov lis list marras",
    12: "dec dez déc dic gru pro joulu",
}
_PREFIXES = sorted(
    ((word, month) for month, words in MONTHS.items() for word in words.split()),
    key=lambda pair: -len(pair[0]),
)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})[t ,]*")
_CJK = re.compile(r"(?P<year>\d{4})年\s*(?P<month>\d{1,2})月\s*(?P<day>\d{1,2})日")
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})\.?\s+(?:de\s+)?(?P<month>[^\W\d_]+)\.?,?\s+(?:de\s+)?(?P<year>\d{4})"
)
_MONTH_FIRST = re.compile(r"(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})")
_CLOCK = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?)"
    r"\s*(?P<half>[ap]\.?\s?m\.?(?!\w))?"
)
# Brightspace leaves the colon out, since a file's name cannot hold one: 1051 AM.
_CLOCK_RUN = re.compile(r"(?<!\d)(?P<hour>\d{1,2})(?P<minute>\d{2})()\s*(?P<half>[ap]m)(?!\w)")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})")
_DAYS_AND_JOINTS = re.compile(r"[^\W\d_]+(?:[ -]feira)?|[,()\s]+")


def read_time(text: str, zone: tzinfo = UTC) -> datetime:
    """Return the time in UTC; one that names no zone is in `zone`.

    >>> read_time("2026-11-24 19:30:00 UTC").isoformat()
    '2026-11-24T19:30:00+00:00'
    >>> read_time("Dienstag, 24. November 2026, 15:04", ZoneInfo("Europe/Oslo")).hour
    14

    Raises:
        ValueError: when the text is not a time, or has two meanings.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split()).lower()
    day, rest = _date(plain, text)
    clock = _CLOCK.match(rest) or _CLOCK_RUN.match(rest)
    if clock is None:
        raise ValueError(f"{text!r} has no time of day; write it as 2026-11-24 23:59:00 UTC")
    hour = _hour(int(clock["hour"]), clock["half"], text)
    seconds = clock.groupdict().get("second")
    try:
        moment = datetime(  # noqa: DTZ001 - the zone is set below
            *day, hour, int(clock["minute"]), int(seconds or 0)
        )
    except ValueError as error:
        raise ValueError(f"{text!r} is not a time: {error}") from error
    tail = rest[clock.end() :].strip(" )")
    named = _zone(tail, text, " ".join(text.split()))
    return moment.replace(tzinfo=named or zone).astimezone(UTC)


def _date(plain: str, text: str) -> tuple[tuple[int, int, int], str]:
    """Return year, month and day, and the text after them."""
    for form in (_ISO, _CJK, _DAY_FIRST, _MONTH_FIRST):
        found = form.search(plain)
        if found is None or _DAYS_AND_JOINTS.sub("", plain[: found.start()]):
            continue
        month = found["month"]
        number = int(month) if month.isdigit() else _month(month)
        if number:
            rest = re.sub(
                r"^[\s,]*(?:\(?\w曜日\)?|星期\w|at|um|à|às|alle|kl\.?)?[\s,]*",
                "",
                plain[found.end() :],
            )
            return (int(found["year"]), number, int(found["day"])), rest
    raise ValueError(f"{text!r} cannot be read as a time; write it as 2026-11-24 23:59:00 UTC")


def _month(word: str) -> int:
    return next((month for prefix, month in _PREFIXES if word.startswith(prefix)), 0)


def _hour(hour: int, half: str | None, text: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock with a.m. and p.m. goes from 1 to 12
        raise ValueError(f"{text!r} is not a time: {hour} with {half}")
    return hour % 12 + (12 if half.startswith("p") else 0)


def _zone(tail: str, text: str, spelled: str) -> tzinfo | None:
    """Return the zone at the end of a time, or None."""
    if not tail:
        return None
    if tail in {"utc", "gmt", "z"}:
        return UTC
    if offset := _OFFSET.fullmatch(tail):
        size = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"]))
        return timezone(size if offset["sign"] == "+" else -size)
    name = spelled[-len(tail) :]  # the text as it was given: names of zones have capital letters
    if "/" in name:
        return zone_named(name)
    raise ValueError(
        f"{text!r}: {name!r} is unknown, or is the name of several time zones; "
        "write UTC, +01:00 or a name such as Europe/Oslo"
    )


def zone_named(name: str) -> tzinfo:
    """Return a time zone by its name.

    Raises:
        ValueError: when there is no zone of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"there is no time zone {name!r}; write one such as Europe/Oslo"
        ) from error


def read_duration(text: str) -> timedelta:
    """Read a length of time, such as 48h, 2d, 90m or "1d 12h".

    >>> read_duration("1d 12h") == timedelta(hours=36)
    True

    Raises:
        ValueError: when the text is not a length of time.
    """
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([dhm])", text.lower())
    if not parts or re.sub(r"(\d+(?:\.\d+)?)\s*([dhm])", "", text.lower()).strip():
        raise ValueError(f"{text!r} is not a length of time; write 48h, 2d or 90m")
    units = {"d": "days", "h": "hours", "m": "minutes"}
    return sum((timedelta(**{units[u]: float(n)}) for n, u in parts), timedelta())


def words_of(length: timedelta) -> str:
    """Return a length of time in words.

    >>> words_of(timedelta(hours=49))
    '2 days 1 hour'
    """
    minutes = round(length.total_seconds() / 60)
    parts = ((minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute"))
    said = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n]
    return " ".join(said) or "0 minutes"
