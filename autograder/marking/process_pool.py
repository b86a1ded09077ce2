"""A pool of worker processes; one that ends early loses its own job and no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

J = TypeVar("J")
R = TypeVar("R")
_AHEAD = 2  # jobs with one worker at a time, so that it never waits for the next


@dataclass(frozen=True, slots=True)
class Lost:
    """A job that came to no result, and why."""

    reason: str


@dataclass(slots=True)
class _Worker(Generic[J]):
    process: Any
    connection: Connection
    jobs: deque[J] = field(default_factory=deque)
    since: float | None = None  # when it began its first job; None while it starts up
    born: float = field(default_factory=time.monotonic)


def processors() -> int:
    """Give how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers(Generic[J, R]):
    """A few processes, each running `serve(connection, *arguments)`: job in, result out.

    Args:
        serve: answers each job received on its connection; defined at the top of a module.
        arguments: what `serve` gets besides, once for each process.
        count: how many processes.
        patience: seconds after which a job is given up and its process killed.
        start_patience: the same for a process that does not come to its first job.
    """

    def __init__(
        self,
        serve: Callable[..., None],
        arguments: tuple[Any, ...],
        *,
        count: int = 0,
        patience: float = 3600.0,
        start_patience: float = 180.0,
    ) -> None:
        self._serve, self._arguments, self._patience = serve, arguments, patience
        self._start_patience = start_patience
        # Fresh interpreters: a fork of this process would share its open gradebook.
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker[J]] = [self._start() for _ in range(count or processors())]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.connection.close()  # the end of the file is the end of the work
        for worker in self._workers:
            worker.process.join(0 if error else 10)
            _kill(worker)

    def run(self, jobs: Iterable[J]) -> Iterator[tuple[J, R | Lost]]:
        """Give each job with its result, in whatever order they are ready."""
        waiting = deque(jobs)
        while waiting or any(w.jobs for w in self._workers):
            self._hand_out(waiting)
            ready = wait([w.connection for w in self._workers if w.jobs], timeout=1.0)
            for worker in list(self._workers):
                if worker.connection in ready:
                    yield from self._take(worker, waiting)
                elif worker.jobs and (reason := self._too_long(worker)):
                    yield self._give_up(worker, waiting, reason)

    def _too_long(self, worker: _Worker[J]) -> str:
        """Say what a worker has taken too long for; the empty text where it has not."""
        if worker.since is None:
            late = time.monotonic() - worker.born > self._start_patience
            return "the process that marks it did not start in time" if late else ""
        late = time.monotonic() - worker.since > self._patience
        return f"it took longer than {self._patience:.0f} seconds" if late else ""

    def _start(self) -> _Worker[J]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(self._serve, theirs, self._arguments))
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _hand_out(self, waiting: deque[J]) -> None:
        for _ in range(_AHEAD):
            for worker in self._workers:
                if waiting and len(worker.jobs) < _AHEAD:
                    job = waiting.popleft()
                    if worker.since is not None and not worker.jobs:
                        worker.since = time.monotonic()
                    worker.jobs.append(job)
                    with suppress(OSError):  # a dead worker is noticed when its result is awaited
                        worker.connection.send(job)

    def _take(self, worker: _Worker[J], waiting: deque[J]) -> Iterator[tuple[J, R | Lost]]:
        started = worker.since is not None
        try:
            result: R = worker.connection.recv()
        except (EOFError, OSError):
            yield self._give_up(worker, waiting, "the process that marked it died")
            return
        worker.since = time.monotonic()
        if started:
            yield worker.jobs.popleft(), result

    def _give_up(self, worker: _Worker[J], waiting: deque[J], reason: str) -> tuple[J, Lost]:
        """Lose the job that a worker was at, and let a fresh one do the rest."""
        job = worker.jobs.popleft()
        waiting.extendleft(reversed(worker.jobs))
        worker.connection.close()
        _kill(worker)
        self._workers[self._workers.index(worker)] = self._start()
        return job, Lost(reason)


def _work(serve: Callable[..., None], connection: Connection, arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that records
    with suppress(EOFError, OSError):  # the other end is gone, so the work is over
        connection.send("ready")
        serve(connection, *arguments)


def _kill(worker: _Worker[Any]) -> None:
    if worker.process.is_alive():
        worker.process.kill()
    worker.process.join()
