"""One submission, run in a fork: its answers as they come, and its functions while it lives."""

from __future__ import annotations

import builtins
import contextlib
import json
import math
import select
import socket
import time
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.reading.missing_answer import LONGEST_WORDS, cell_named, why_unanswered
from autograder.records import Answer, Noticed, PlainValue, SubmittedCell, Unavailable, Wanted
from autograder.running.inside.time_limits import time_limit
from autograder.running.limits import MEBIBYTE, Limits
from autograder.running.protocol import (
    BadMessage,
    NotExactError,
    read_answer,
    read_message,
    write_value,
)

_GRACE_SECONDS = 3
"""How much longer than its own limit a fork may take to say that something took too long."""


class Gone(Exception):  # noqa: N818 - says what happened
    """The fork is not there any more, or did not keep to its limits."""


class Session:
    """Exchanges messages with one fork; an error ends the session and keeps what came before."""

    def __init__(self, line: socket.socket, limits: Limits) -> None:
        self._line = line
        self._limits = limits
        self._end = time.monotonic() + limits.total_seconds
        self._buffer = bytearray()
        self._received = 0
        self._gone = ""
        self._doing: int | None = None
        self._hung = 0
        self._noticed = Noticed()
        self.fatal: tuple[int, str] | None = None
        """The cell that ended the process or used up what all share, and in which way."""

    @property
    def out_of_time(self) -> bool:
        """Whether the notebook has used up the time limit of one run."""
        return time.monotonic() >= self._end

    @property
    def ended_early(self) -> bool:
        """Whether the session ended before the fork was done."""
        return bool(self._gone)

    def run(
        self,
        cells: Sequence[SubmittedCell],
        due: Mapping[str, tuple[int, ...]],
        files: Mapping[str, str],
        left_out: Mapping[int, str],
        noticed: Noticed,
    ) -> dict[str, Answer]:
        """Run the cells but those in `left_out`; return each answer, or why there is none.

        `noticed` takes the cells that stopped with an error, and the error in words; also, while
        functions are called, from where on the network was asked for.
        """
        self._noticed = noticed
        job = self._job(cells, due, files, left_out)
        answers: dict[str, Answer] = {}
        troubles: dict[int, str] = {}
        try:
            self._send(job)
            while not (message := self._receive(self._limits.cell_seconds)).get("done"):
                self._doing = _place(message, cells, self._doing)
                self._note(message, due, answers, troubles)
        except (Gone, BadMessage) as problem:
            self._gone = str(problem)
        self._find_the_fatal(troubles)
        noticed.stopped.update(troubles)
        for wanted in due.keys() - answers.keys():
            why = self._why_missing(Wanted.parse(wanted).name, cells, {**troubles, **left_out})
            answers[wanted] = Unavailable(why, flagged=bool(self._gone or left_out))
        return answers

    def show(
        self, cells: Sequence[SubmittedCell], files: Mapping[str, str]
    ) -> dict[int, list[Any]]:
        """Run all the cells; return by place what each shows, as a notebook's file holds it.

        It comes from where student code runs, so it is as hostile as the file that was handed in.
        """
        shown: dict[int, list[Any]] = {}
        try:
            self._send(self._job(cells, {}, files, {}) | {"show": True})
            while not (message := self._receive(self._limits.cell_seconds)).get("done"):
                place, outputs, error = (message.get(k) for k in ("ended", "outputs", "error"))
                if type(place) is int and type(outputs) is list:
                    shown[place] = outputs + (_as_output(error) if type(error) is str else [])
        except (Gone, BadMessage) as problem:
            self._gone = str(problem)
        return shown

    def _job(
        self,
        cells: Sequence[SubmittedCell],
        due: Mapping[str, tuple[int, ...]],
        files: Mapping[str, str],
        left_out: Mapping[int, str],
    ) -> dict[str, Any]:
        """Return what a fork is told to do."""
        return {
            "cells": [
                {"index": index, "source": cell.source}
                for index, cell in enumerate(cells)
                if cell.cell_type == "code" and index not in left_out
            ],
            "files": dict(files),
            "due": {wanted: (Wanted.parse(wanted).name, *places) for wanted, places in due.items()},
            "end": len(cells),
            "cell_seconds": self._limits.cell_seconds,
            "show": False,
        }

    def _find_the_fatal(self, troubles: Mapping[int, str]) -> None:
        """Find the cell without which the others have what they need: time, memory, a process."""
        if self._gone and self._doing is not None:
            self.fatal = self._doing, f"was left out: {self._gone}"
        for index, trouble in troubles.items():
            if trouble.startswith("MemoryError") and self.fatal is None:
                most = self._limits.memory // MEBIBYTE
                self.fatal = index, f"was left out: it used more than {most:,} MiB of memory"

    def _note(
        self,
        message: Mapping[str, Any],
        due: Mapping[str, tuple[int, ...]],
        answers: dict[str, Answer],
        troubles: dict[int, str],
    ) -> None:
        """Keep what a message says; later messages for the same name are ignored."""
        wanted, error = message.get("answer"), message.get("error")
        if type(wanted) is str and wanted in due and wanted not in answers and "value" in message:
            answers[wanted] = read_answer(message["value"], self._call)
        if type(error) is str and error and type(message.get("ended")) is int:
            troubles[message["ended"]] = self._in_words(error)

    def _in_words(self, error: str) -> str:
        """Say how a cell ended."""
        if error.startswith("CellTimeout"):
            limit = time_limit(self._limits.cell_seconds, self._hung)
            self._hung += 1
            return self._limits.took_too_long(limit)
        return error[: LONGEST_WORDS + len(" (line 1000)")]

    def _why_missing(
        self, name: str, cells: Sequence[SubmittedCell], troubles: Mapping[int, str]
    ) -> str:
        """Say why there is no answer."""
        if self._gone:
            where = "" if self._doing is None else f" (in {cell_named(cells, self._doing)})"
            return f"{name} could not be had: {self._gone}{where}."
        return why_unanswered(name, cells, troubles)

    def _call(
        self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any], doubts: list[str]
    ) -> PlainValue:
        """Call one of the functions that the fork holds; `doubts` takes what is not exact in it."""
        try:
            message = self._answer_to_call(number, args, kwargs)
        except (NotExactError, RuntimeError, TimeoutError) as problem:
            doubts.append(str(problem))
            raise
        notes = message.get("notes")
        doubts += [str(note)[:LONGEST_WORDS] for note in notes] if type(notes) is list else []
        if "raised" in message:
            raise _error(message, doubts)
        value = read_answer(message.get("value"), self._call, doubts)
        if isinstance(value, Unavailable):
            doubts.append(value.reason)
            if value.nearest is ...:
                raise TypeError(f"what it returns cannot be marked: {value.reason}")
            return value.nearest
        return value

    def _answer_to_call(
        self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        """Send a call and wait for what the fork says to it."""
        if self._gone:
            raise RuntimeError(f"the function cannot be called any more: {self._gone}")
        seconds = time_limit(self._limits.call_seconds, self._hung)
        _, given, named = write_value([list(args), kwargs])
        written = {"call": number, "args": given, "kwargs": named}
        try:
            self._send(written | {"seconds": seconds})
            message = self._receive(seconds)
        except (Gone, BadMessage) as problem:
            self._gone = str(problem)
            raise RuntimeError(f"the function did not come back: {problem}") from None
        if message.get("slow"):
            self._hung += 1
            raise TimeoutError(f"it took longer than {seconds:g} seconds")
        return message

    def _send(self, message: Mapping[str, Any]) -> None:
        """Send one message, without waiting for ever on a fork that does not listen."""
        try:
            self._line.settimeout(max(min(self._end - time.monotonic(), _GRACE_SECONDS), 0.01))
            self._line.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            raise Gone("the notebook ended its own process, or used more than it may") from None

    def _receive(self, seconds: float) -> dict[str, Any]:
        """Wait for one message."""
        deadline = min(time.monotonic() + seconds + _GRACE_SECONDS, self._end)
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._line], [], [], left)[0]:
                raise Gone(self._what_took_long(seconds))
            self._take()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        message = read_message(line)
        if message.get("network") is True and self._noticed.network == math.inf:
            place = message.get("ended")
            self._noticed.network = place if type(place) is int else 0
        return message

    def _take(self) -> None:
        """Take what has come, up to the limit for the whole submission."""
        try:
            data = self._line.recv(65_536)
        except OSError:
            data = b""
        self._received += len(data)
        if not data:
            raise Gone("the notebook ended its own process, or used more than it may")
        if self._received > self._limits.result_size:
            raise Gone("it said more than a notebook may")
        self._buffer += data

    def _what_took_long(self, seconds: float) -> str:
        if self.out_of_time:
            return f"the notebook took longer than {self._limits.total_seconds:g} seconds"
        return f"something took longer than {seconds:g} seconds and could not be interrupted"


def _as_output(error: str) -> list[dict[str, str]]:
    """Return the error that a cell stopped with as an output of it."""
    name, _, words = error.partition(": ")
    return [{"output_type": "error", "ename": name, "evalue": words}] if error else []


def _place(
    message: Mapping[str, Any], cells: Sequence[SubmittedCell], before: int | None
) -> int | None:
    """Return the cell in which the notebook is, by a message; None between cells."""
    if "ended" in message:
        return None
    index = message.get("begins")
    return index if type(index) is int and 0 <= index < len(cells) else before


def _error(message: Mapping[str, Any], doubts: list[str]) -> Exception:
    """Return the error that a student's function raised, of Python's own kind where it was one."""
    name = str(message["raised"])[:LONGEST_WORDS]
    words = str(message.get("words"))[:LONGEST_WORDS]
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        args = read_answer(message.get("args"), lambda *_: None)
        if type(args) is tuple:
            with contextlib.suppress(TypeError, ValueError):
                return kind(*args)
    doubts.append(f"it raises a {name}")
    if isinstance(kind, type) and issubclass(kind, Exception):
        with contextlib.suppress(TypeError):  # a UnicodeError takes more than words
            return kind(words)
    return RuntimeError(f"{name}: {words}")
