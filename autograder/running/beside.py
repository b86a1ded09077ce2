"""Running tests beside a student's cells, in a fork: requests to its supervisor, and results.

A fork's supervisor runs no student code, so its messages are trusted. But the test itself ran in a
process in which student code had run before.
"""

from __future__ import annotations

import json
import math
import socket
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from autograder.records import BesideTest, SubmittedCell, TestResult
from autograder.running.background import USUAL, Background
from autograder.running.beside_results import result_of
from autograder.running.fork_client import ForkServerLost
from autograder.running.imports import imported
from autograder.running.limits import MEBIBYTE, Limits
from autograder.running.saved_values import set_up_of
from autograder.running.second_run import Doubt, is_due, is_same, settled

Group = tuple[BesideTest, ...]
"""Successive tests: they run in order in one process."""
Due = list[tuple[BesideTest, dict[str, Any]]]
"""Tests of a group that are to be run again, each with its request."""


@dataclass
class Run:
    """The result of running the cells once.

    `troubles` are the errors with which cells stopped, as text. `died` is the cell in which the
    process ended (-1 where none was running), and why. `out_of_time` is whether the whole run took
    too long. `crowded` is whether all processes together used too much memory while the tests of
    several groups, `waiting`, had one each. `network` is the place from which on the network had
    been asked for. `lost` is why there is no result. `earlier` are the results of earlier runs.
    `doubts` are the tests whose points may depend on what the notebook had changed.
    `beside_background` are the tests before which processes in the background still ran.
    """

    results: dict[str, TestResult] = field(default_factory=dict)
    troubles: dict[int, str] = field(default_factory=dict)
    died: tuple[int, str] | None = None
    out_of_time: bool = False
    crowded: bool = False
    waiting: int = 0
    network: float = math.inf
    lost: str = ""
    earlier: Mapping[str, TestResult] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)
    beside_background: Group = ()

    def reached(self, group: Group) -> bool:
        """Return whether the cells above these tests were run."""
        return self.died is None or group[0].cell <= self.died[0] or self.died[0] < 0

    def forget(self, grade_ids: Collection[str]) -> None:
        """Drop the results of tests, which are to be run again."""
        for grade_id in grade_ids:
            self.results.pop(grade_id, None)
            self.doubts.pop(grade_id, None)


def groups(tests: Iterable[BesideTest], cells: Sequence[SubmittedCell]) -> list[Group]:
    """Group the tests that have no other code cell between them.

    >>> test = lambda name, cell: BesideTest(name, cell, "")
    >>> code = SubmittedCell("", "code", "", trusted=True)
    >>> [len(g) for g in groups([test("a", 1), test("b", 2), test("c", 4)], [code] * 5)]
    [2, 1]
    """
    found: list[list[BesideTest]] = []
    for test in sorted(tests, key=lambda test: test.cell):
        between = cells[found[-1][-1].cell + 1 : test.cell] if found else ()
        if found and not any(cell.cell_type == "code" for cell in between):
            found[-1].append(test)
        else:
            found.append([test])
    return [tuple(group) for group in found]


def up_to_doubts(grouped: Iterable[Group], doubts: Collection[str]) -> list[BesideTest]:
    """Return the tests that are in doubt, and those before them in the same process.

    >>> one, two, three = (BesideTest(name, 1, "") for name in "abc")
    >>> [test.grade_id for test in up_to_doubts([(one, two, three)], ["b"])]
    ['a', 'b']
    """
    found: list[BesideTest] = []
    for group in grouped:
        places = [place for place, test in enumerate(group, 1) if test.grade_id in doubts]
        found += group[: max(places, default=0)]
    return found


def run_once(
    line: socket.socket,
    cells: Sequence[SubmittedCell],
    wanted: Sequence[Group],
    left_out: Mapping[int, str],
    limits: Limits,
    files: Mapping[str, str],
    earlier: Mapping[str, TestResult] = {},
    hung: Collection[int] = (),
    doubts: Mapping[str, Doubt] = {},
    background: Background = USUAL,
) -> Run:
    """Run the cells except those in `left_out`, and each group of tests that can be run.

    `files` are put into the working folder: contents in base64, by relative path. `earlier` are the
    results of earlier runs. `hung` are the cells that took too long in them; `doubts` the tests
    before which what was changed is put back at once, which settles them. `background` tells what
    happens to processes that still run when the cells have ended.

    Raises:
        ForkServerLost: When the fork has ended, or does not answer.
    """
    run = Run(earlier=earlier, waiting=len(wanted))
    talk = _Talk(line, limits.total_seconds + 30)
    job = _job(cells, wanted, left_out, files) | {"background": asdict(background)}
    talk.send(**job, hung=sorted(hung))
    while not (message := talk.receive()).get("cells_ended"):
        _note(message, run, limits)
        if "lost" in message:
            run.lost = str(message["lost"])
            return run
    places = set(message["places"])
    if message["network"] >= 0:
        run.network = message["network"]
    there = [group for group in wanted if group[0].cell in places and run.reached(group)]
    due = [_run_group(talk, group, run, limits, doubts) for group in there]
    for each in due:  # files are put back, so the first runs of all are over
        _run_again(talk, each, run, limits)
    met = [group for group in there if group[0].cell == message["background_at"]]
    run.beside_background = met[0] if met else ()
    return run


def _job(
    cells: Sequence[SubmittedCell],
    wanted: Sequence[Group],
    left_out: Mapping[int, str],
    files: Mapping[str, str],
) -> dict[str, Any]:
    """Return what a supervisor is told to do."""
    given = {
        str(index): cell.source
        for index, cell in enumerate(cells)
        if cell.trusted and cell.cell_type == "code"
    }
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    sources += [text for group in wanted for test in group for text in (*test.set_up, test.source)]
    modules = {name for source in sources for name in imported(source)}
    own = {name.partition("/")[0].removesuffix(".py") for name in files}
    return {
        "steps": list(_steps(cells, wanted, left_out)),
        "given": given,
        "files": dict(files),
        "released": sorted({name for group in wanted for each in group for name in each.released}),
        "imports": sorted(name for name in modules if name.partition(".")[0] not in own),
    }


def _note(message: Mapping[str, Any], run: Run, limits: Limits) -> None:
    """Record which cell stopped with an error, and which one ended the process."""
    if "ended" in message and message["error"][0]:
        name, words = message["error"]
        late = limits.took_too_long(message["late"]) if message["late"] else ""
        run.troubles[message["ended"]] = late or (f"{name}: {words}" if words else name)
        if name == "MemoryError" and run.died is None:  # it keeps the memory: others lack it
            most = limits.memory // MEBIBYTE
            run.died = message["ended"], f"it used more than {most:,} MiB of memory"
    if "died" in message and run.died is None:
        run.died = (message["died"] if message["died"] is not None else -1, message["reason"])
        run.out_of_time = message["out_of_time"]
        run.crowded = message["crowded"] and run.waiting > 1


def _steps(
    cells: Sequence[SubmittedCell], wanted: Sequence[Group], left_out: Mapping[int, str]
) -> Iterator[tuple[str, int, str]]:
    """Yield the cells to run, and the places of tests between them or after the last one.

    An empty cell is not run, as under stock nbgrader: a test of hidden lines alone leaves one.
    """
    places = {group[0].cell for group in wanted}
    for index in range(max(places) + 1):
        if index in places:
            yield "place", index, ""
        if index == max(places):
            return
        source = cells[index].source if cells[index].cell_type == "code" else ""
        if source.strip() and index not in left_out:
            yield "cell", index, source


def _run_group(
    talk: _Talk, group: Group, run: Run, limits: Limits, doubts: Mapping[str, Doubt]
) -> Due:
    """Run tests in one process, until one of them ends it; return those to be run once more.

    What was changed is put back before a test of `doubts`, which settles it.
    """
    place = group[0].cell
    ran: list[BesideTest] = []
    restored: list[str] = []
    due: Due = []
    for test in group:
        request = _request(test, place, run, ran) | {"files_back": test is group[0]}
        doubt = doubts.get(test.grade_id)
        talk.send(**request, back=list(doubt.changed) if doubt else [])
        message = talk.receive()
        if "again" in message:  # the whole group, for each test finds what those before it left
            for each in group:
                run.results.pop(each.grade_id, None)
            due.clear()
            break
        if message.get("crowded") and run.waiting > 1:
            run.crowded = True
            break
        if message.get("network"):
            run.network = min(run.network, test.cell)
        result = result_of(test, message, limits, restored)
        changed = message["result"][-1] if "result" in message else []
        run.results[test.grade_id] = settled(doubt, result, changed) if doubt else result
        ran.append(test)
        if "lost" in message:
            run.doubts.update(_doubts(due, run))
            due.clear()
            break
        if not doubt and is_due(test, result, changed):
            due.append((test, request | {"back": changed, "files_back": True}))
    run.doubts.update(_doubts([each for each in due if each[0].again == "once"], run))
    due = [each for each in due if each[0].again != "once"]
    if not due:
        talk.send(place=place)
    return due


def _request(test: BesideTest, place: int, run: Run, ran: Collection[BesideTest]) -> dict[str, Any]:
    return {
        "place": place,
        "source": test.source,
        "set_up": set_up_of(test, {**run.earlier, **run.results}, ran),
        "answers": None if test.answers is None else sorted(test.answers),
    }


def _doubts(due: Due, run: Run) -> dict[str, Doubt]:
    return {
        test.grade_id: Doubt(run.results[test.grade_id], tuple(request["back"]))
        for test, request in due
        if request["back"]
    }


def _run_again(talk: _Talk, due: Due, run: Run, limits: Limits) -> None:
    """Run tests of a group again with what the notebook has changed put back, and compare."""
    for test, request in due:
        talk.send(**request)
        message = talk.receive()
        first, unknown = run.results[test.grade_id], "again" in message  # without the threads
        if not unknown and is_same(first, result_of(test, message, limits, [])):
            continue
        if request["back"]:
            run.doubts.update(_doubts([(test, request)], run))
        elif not unknown:
            run.results[test.grade_id] = replace(first, second="other")
    if due:
        talk.send(place=due[0][1]["place"])


class _Talk:
    """Lines of JSON to and from a fork's supervisor."""

    def __init__(self, line: socket.socket, seconds: float) -> None:
        line.settimeout(seconds)
        self._line, self._stream = line, line.makefile("rb")

    def send(self, **message: Any) -> None:
        """Send one line."""
        try:
            self._line.sendall(json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise ForkServerLost(str(error)) from error

    def receive(self) -> dict[str, Any]:
        """Wait for one line."""
        try:
            found = self._stream.readline()
        except OSError as error:
            raise ForkServerLost(str(error)) from error
        if not found:
            raise ForkServerLost("the process that runs the tests has ended")
        message: dict[str, Any] = json.loads(found)
        return message
