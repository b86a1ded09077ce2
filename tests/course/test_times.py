"""Times as platforms write them: read for certain, or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from autograder.course.times import read_duration, read_time

OSLO = ZoneInfo("Europe/Oslo")
AFTERNOON = datetime(2026, 11, 24, 14, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        # Moodle's grading worksheet in the language of its user (strftimedaydatetime of each).
        "Tuesday, 24 November 2026, 3:04 PM",
        "Tuesday, 24 November 2026, 3:04\u202fPM",
        "Dienstag, 24. November 2026, 15:04",
        "mardi 24 novembre 2026, 15:04",
        "martes, 24 de noviembre de 2026, 15:04",
        "terça-feira, 24 de novembro de 2026, 15:04",
        "martedì, 24 novembre 2026, 15:04",
        "dinsdag, 24 november 2026, 15:04",
        "tirsdag, 24. november 2026, 15:04",
        "2026年 11月 24日(火曜日) 15:04",
        "2026年11月24日 星期二 15:04",
        # Brightspace's folders, in two orders of the day.
        "Nov 24, 2026 304 PM",
        "24 November 2026 304 PM",
        "2026-11-24 15:04",
        "2026-11-24 15:04:00",
        "2026-11-24 14:04:00.000000 UTC",
        "2026-11-24T14:04:00Z",
        "2026-11-24 09:04:00 -0500",
        "2026-11-24 15:04 Europe/Oslo",
        "2026-11-24 3:04 PM",
    ],
)
def test_a_time_is_read_in_every_form_and_language(text):
    assert read_time(text, OSLO) == AFTERNOON


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-24 23:10:00 PST", "'PST' is unknown, or is the name of several time zones"),
        ("03/04/2026 12:00", "cannot be read as a time"),
        ("2026-11-24", "has no time of day"),
        ("2026-11-24 25:10", "is not a time"),
        ("2026-11-24 13:10 PM", "13 with pm"),
        ("yesterday", "cannot be read as a time"),
        ("", "cannot be read as a time"),
        ("2026-11-24 12:00 Mars/Base", "no time zone"),
    ],
)
def test_what_could_be_two_times_is_refused(text, said):
    with pytest.raises(ValueError, match=said):
        read_time(text)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_english_month_is_its_own(month):
    day = datetime(2026, month, 5, 12, tzinfo=UTC)
    for form in ("%d %B %Y, %H:%M", "%b %d, %Y %I:%M %p"):
        assert read_time(day.strftime(form)) == day


@pytest.mark.parametrize(
    ("text", "hours"), [("48h", 48), ("2d", 48), ("90m", 1.5), ("1d 12h", 36), ("1.5 d", 36)]
)
def test_a_length_of_time(text, hours):
    assert read_duration(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "48", "h", "2 weeks", "-2h"])
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(ValueError, match="not a length of time"):
        read_duration(text)
