"""Every version that a student handed in is kept; one counts; the last collection can be undone."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from collect_builder import (
    ANSWERED,
    AT,
    BLANK,
    collected,
    everything_under,
    notebook_file,
    submitted_files,
    submitted_to,
    zipped,
)

from autograder.lms.versions import counting, undo

ADA = "ada/padding/1_padding.ipynb"
STAMP = "ada/padding/timestamp.txt"
CANVAS = "okaforada_17_905_1_padding.ipynb"
LATE = "okaforada_LATE_17_906_1_padding-1.ipynb"
FIRST, SECOND, THIRD = (notebook_file("1_padding", f"sizes = {n}") for n in (1, 2, 3))
DUE = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def hand_in(tmp_path, data, *, name=CANVAS, download="c.zip", **options):
    """One file of ada's in one download."""
    return collected(zipped(tmp_path / download, {name: data}), tmp_path / "course", **options)


def kept(tmp_path):
    return json.loads((tmp_path / "course/collected/padding/ada/versions.json").read_text())


def test_all_versions_are_kept_with_time_and_source(tmp_path):
    hand_in(tmp_path, FIRST, times={"ada": DUE})
    hand_in(tmp_path, SECOND, download="d.zip", now=AT + DAY)
    versions = kept(tmp_path)["versions"]
    assert [v["source"] for v in versions] == [f"c.zip: {CANVAS}", f"d.zip: {CANVAS}"]
    assert versions[0]["time"] == "2026-11-20T12:00:00+00:00"
    files = everything_under(tmp_path / "course/collected/padding/ada/1_padding")
    assert sorted(files.values()) == sorted([FIRST, SECOND])
    assert submitted_files(tmp_path / "course")[ADA] == SECOND


@pytest.mark.parametrize(
    ("rule", "counts"), [("last", THIRD), ("first", FIRST), ("last-on-time", SECOND)]
)
def test_the_rule_says_which_version_counts(tmp_path, rule, counts):
    for n, data in enumerate((FIRST, SECOND, THIRD)):
        times = {"ada": DUE + (n - 1) * timedelta(hours=1)}
        hand_in(tmp_path, data, download=f"{n}.zip", times=times, due=DUE, rule=rule)
    assert submitted_files(tmp_path / "course")[ADA] == counts


def test_with_nothing_on_time_the_last_late_one_counts(tmp_path):
    for n, data in enumerate((FIRST, SECOND)):
        times = {"ada": DUE + (n + 1) * DAY}
        hand_in(tmp_path, data, download=f"{n}.zip", times=times, due=DUE, rule="last-on-time")
    assert submitted_files(tmp_path / "course")[ADA] == SECOND


def test_an_extension_moves_what_is_on_time(tmp_path):
    extended = {"due": DUE, "rule": "last-on-time", "extensions": {"ada": DAY}}
    hand_in(tmp_path, FIRST, times={"ada": DUE}, **extended)
    hand_in(tmp_path, SECOND, download="d.zip", times={"ada": DUE + DAY}, **extended)
    assert submitted_files(tmp_path / "course")[ADA] == SECOND


def test_an_older_download_does_not_undo_a_newer_one(tmp_path):
    hand_in(tmp_path, SECOND, times={"ada": AT})
    done = hand_in(tmp_path, FIRST, download="old.zip", times={"ada": AT - DAY}, now=AT + DAY)
    assert done.all_well
    assert submitted_files(tmp_path / "course")[ADA] == SECOND
    assert len(kept(tmp_path)["versions"]) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"<!DOCTYPE html><title>Sign in</title>", "", id="login page"),
        pytest.param(b"", "", id="empty"),
        pytest.param(FIRST[:-9], "", id="cut short"),
        pytest.param(b"<<<<<<< HEAD\n" + FIRST + b"\n>>>>>>> theirs", "", id="merge conflict"),
    ],
)
def test_what_cannot_be_read_never_replaces_what_can(tmp_path, data, said):
    hand_in(tmp_path, FIRST)
    done = hand_in(tmp_path, data, download="d.zip", now=AT + DAY)
    assert submitted_files(tmp_path / "course")[ADA] == FIRST
    (problem,) = done.problems
    assert problem.kind == "unreadable"
    assert said in problem.reason
    assert problem.do == "ask ada for 1_padding.ipynb again; another version counts"


def test_what_cannot_be_read_is_handed_in_where_there_is_nothing_else_and_replaced_by_what_can(
    tmp_path,
):
    assert not hand_in(tmp_path, b"no notebook").all_well
    assert submitted_files(tmp_path / "course")[ADA] == b"no notebook"
    hand_in(tmp_path, FIRST, download="d.zip", times={"ada": AT - DAY}, rule="first")
    assert submitted_files(tmp_path / "course")[ADA] == FIRST


def test_a_blank_notebook_never_replaces_one_with_answers(tmp_path):
    hand_in(tmp_path, ANSWERED)
    done = hand_in(tmp_path, BLANK, download="d.zip", now=AT + DAY)
    assert submitted_files(tmp_path / "course")[ADA] == ANSWERED
    assert [(p.kind, p.reason) for p in done.problems] == [
        ("notice", "it is blank; a version with answers counts")
    ]


def test_the_last_collection_can_be_undone_and_done_again(tmp_path):
    hand_in(tmp_path, FIRST, times={"ada": AT})
    before = submitted_files(tmp_path / "course")
    hand_in(tmp_path, SECOND, download="d.zip", now=AT + DAY)
    submitted = submitted_to(tmp_path / "course")
    assert [v.source for v in undo(submitted.store).versions["ada"]] == [f"d.zip: {CANVAS}"]
    submitted.settle("ada", submitted.known("ada"))
    assert submitted_files(tmp_path / "course") == before
    hand_in(tmp_path, SECOND, download="d.zip", now=AT + 2 * DAY)
    assert submitted_files(tmp_path / "course")[ADA] == SECOND


def test_undoing_the_first_collection_leaves_nothing_but_what_is_kept(tmp_path):
    hand_in(tmp_path, FIRST)
    submitted = submitted_to(tmp_path / "course")
    undo(submitted.store)
    submitted.settle("ada", submitted.known("ada"))
    assert submitted_files(tmp_path / "course") == {}
    assert FIRST in everything_under(tmp_path / "course/collected").values()


def test_what_the_instructor_put_there_counts_until_something_newer_comes(tmp_path):
    hand_in(tmp_path, FIRST)
    target = tmp_path / "course/submitted" / ADA
    target.write_bytes(SECOND)
    os.utime(target, ((AT + DAY).timestamp(),) * 2)
    hand_in(tmp_path, FIRST, now=AT + 2 * DAY)
    assert submitted_files(tmp_path / "course")[ADA] == SECOND
    assert kept(tmp_path)["versions"][1]["source"] == "found in the folder submitted"
    hand_in(tmp_path, THIRD, download="d.zip", now=AT + 3 * DAY)
    assert submitted_files(tmp_path / "course")[ADA] == THIRD


def test_a_person_settles_a_conflict_by_putting_the_right_file_there(tmp_path):
    files = {CANVAS: FIRST, "okaforada_17_906_1_padding-1.ipynb": SECOND}
    source = zipped(tmp_path / "c.zip", files)
    (problem,) = collected(source, tmp_path / "course").problems
    assert f"copy the right one to submitted/{ADA}: collected/" in problem.do
    target = tmp_path / "course/submitted" / ADA
    target.parent.mkdir(parents=True)
    target.write_bytes(SECOND)
    assert collected(source, tmp_path / "course").all_well
    assert submitted_files(tmp_path / "course")[ADA] == SECOND


def test_a_worksheet_that_comes_later_gives_the_times(tmp_path):
    hand_in(tmp_path, FIRST)
    assert STAMP not in submitted_files(tmp_path / "course")
    hand_in(tmp_path, FIRST, times={"ada": DUE})
    assert submitted_files(tmp_path / "course")[STAMP] == b"2026-11-20 12:00:00 UTC"


def test_late_without_a_time_waits_for_the_instructors_choice(tmp_path):
    done = hand_in(tmp_path, FIRST, name=LATE, due=DUE)
    assert [(p.kind, p.what) for p in done.problems] == [("lateness unknown", "ada")]
    assert STAMP not in submitted_files(tmp_path / "course")
    assert hand_in(tmp_path, FIRST, name=LATE, due=DUE, late_by=DAY).all_well
    assert submitted_files(tmp_path / "course")[STAMP] == b"2026-11-21 12:00:00 UTC"


def test_a_time_that_the_instructor_wrote_stays_until_the_work_changes(tmp_path):
    hand_in(tmp_path, FIRST, name=LATE, due=DUE)
    stamp = tmp_path / "course/submitted" / STAMP
    stamp.write_text("2026-11-20 15:00:00 UTC")
    assert hand_in(tmp_path, FIRST, name=LATE, due=DUE).all_well
    assert stamp.read_text() == "2026-11-20 15:00:00 UTC"


def test_a_resubmission_after_that_is_the_newer_one(tmp_path):
    """The tool's own advice on timestamp.txt once made the newer LATE file "older"."""
    hand_in(tmp_path, FIRST, name=LATE, due=DUE)
    (tmp_path / "course/submitted" / STAMP).write_text("2026-11-20 15:00:00 UTC")
    later = "okaforada_LATE_17_999_1_padding-2.ipynb"
    done = hand_in(tmp_path, SECOND, name=later, download="d.zip", due=DUE, now=AT + DAY)
    assert submitted_files(tmp_path / "course")[ADA] == SECOND
    assert [p.kind for p in done.problems] == ["lateness unknown"]


def test_the_platforms_time_is_what_nbgrader_reads(tmp_path):
    from nbgrader.utils import parse_utc

    time = datetime(2026, 11, 24, 14, 4, tzinfo=UTC)
    hand_in(tmp_path, FIRST, times={"ada": time})
    text = (tmp_path / "course/submitted" / STAMP).read_text()
    assert parse_utc(text) == time.replace(tzinfo=None)


def test_without_versions_none_counts():
    assert counting([]) is None
