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
from typing import Any, Generic, Self, TypeVar

J = TypeVar("J")
R = TypeVar("R")
_AHEAD = 2  # jobs sent to one worker at a time, so that it never waits


@dataclass(frozen=True, slots=True)
class Lost:
    """A job without a result, and the reason."""

    reason: str


@dataclass(slots=True)
class _Worker(Generic[J]):
    process: Any
    connection: Connection
    jobs: deque[J] = field(default_factory=deque)
    since: float | None = None  # when its present job began; None while the process starts
    born: float = field(default_factory=time.monotonic)


def processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers(Generic[J, R]):
    """Worker processes that each run `serve(connection, *arguments)`: a job in, a result out.

    Args:
        serve: sends a result for each job that it receives; a function of a module.
        arguments: further arguments of `serve`, sent once to each process.
        count: number of processes; one for each processor where 0.
        patience: timeout of a job in seconds; its process is then killed.
        start_patience: timeout in seconds for the start of a process.
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

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        for worker in self._workers:
            worker.connection.close()  # the worker ends when it reads the end of file
        for worker in self._workers:
            worker.process.join(0 if error else 10)
            _kill(worker)

    def run(self, jobs: Iterable[J]) -> Iterator[tuple[J, R | Lost]]:
        """Yield each job with its result, in the order in which they are ready."""
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
        """Return which timeout a worker has exceeded, or ""."""
        if worker.since is None:
            late = time.monotonic() - worker.born > self._start_patience
            return "the worker process did not start in time" if late else ""
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
                    with suppress(OSError):  # a dead worker is noticed when its result is read
                        worker.connection.send(job)

    def _take(self, worker: _Worker[J], waiting: deque[J]) -> Iterator[tuple[J, R | Lost]]:
        started = worker.since is not None
        try:
            result: R = worker.connection.recv()
        except (EOFError, OSError):
            yield self._give_up(worker, waiting, "the worker process that marked it died")
            return
        worker.since = time.monotonic()
        if started:
            yield worker.jobs.popleft(), result

    def _give_up(self, worker: _Worker[J], waiting: deque[J], reason: str) -> tuple[J, Lost]:
        """Give up the present job of a worker, and let a new one do its other jobs."""
        job = worker.jobs.popleft()
        waiting.extendleft(reversed(worker.jobs))
        worker.connection.close()
        _kill(worker)
        self._workers[self._workers.index(worker)] = self._start()
        return job, Lost(reason)


def _work(serve: Callable[..., None], connection: Connection, arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # only the main process handles Ctrl-C
    with suppress(EOFError, OSError):  # the other end was closed: no more jobs
        connection.send("ready")
        serve(connection, *arguments)


def _kill(worker: _Worker[Any]) -> None:
    if worker.process.is_alive():
        worker.process.kill()
    worker.process.join()
