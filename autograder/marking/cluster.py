"""A class marked on the workers of a Dask cluster; the gradebook is written here, by one process.

A submission's bytes go out; its marks and marked notebooks come back. Workers need this package
and bubblewrap, and see nothing of the course. What a lost worker had is sent again. A
submission that ends its workers is tried again alone, and reported if that fails too.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from distributed import Client, KilledWorker, get_worker, wait
from distributed.client import FutureCancelledError
from distributed.diagnostics.plugin import WorkerPlugin

from autograder.course.course import CourseError
from autograder.course.files import RefusedFileError
from autograder.course.settings import Settings
from autograder.marking.submission import (
    Graded,
    Job,
    Page,
    SubmittedFiles,
    mark_files,
    read_submission,
    write_submission,
)
from autograder.marking.version import engine_version
from autograder.marking.worker import LazyRunner
from autograder.notebooks.assignment_files import Files
from autograder.notebooks.master import Template

AHEAD = 2  # submissions sent to each of the cluster's threads, so that none waits for the next
PATIENCE = 3600.0  # seconds that one submission may take, as for workers on this machine
WAIT = 30.0  # seconds to wait for the cluster and a first worker
RETURN = 300.0  # seconds to wait for another worker where the last one is gone
SETTLE = 2.0  # seconds
TRIES = 2  # times that Dask may give a submission up (by default after four workers) before we do
AGAIN = "what is marked so far is recorded; run the command again when the cluster is back"

MarkFiles = Callable[[str, Mapping[str, bytes], str, Settings, Files], dict[str, Page]]


class Marker(WorkerPlugin):
    """What each worker holds for a run: the masters, and its own fork servers for running cells.

    Dask gives it to every worker, also to one that comes later in place of one that was lost.
    """

    def __init__(
        self, templates: Mapping[str, Template], sandbox: bool, cell_seconds: float = 30
    ) -> None:
        self._cell_seconds = cell_seconds
        self.name = f"stridewise-{uuid4().hex}"
        self._templates, self._sandbox = dict(templates), sandbox
        self._version = engine_version()

    def setup(self, worker: Any) -> None:
        """Get ready on a worker."""
        del worker
        # Hidden tests redirect output and catch warnings, which a process has once for all threads.
        self._one_at_a_time = threading.Lock()
        self._since = time.monotonic()
        self._open = ExitStack()
        self._runner = LazyRunner(
            self._open, sandbox=self._sandbox, cell_seconds=self._cell_seconds
        )

    def settle(self) -> None:
        """Wait until a new worker is old enough: Dask does not replace one that ends earlier."""
        time.sleep(max(0.0, SETTLE - (time.monotonic() - self._since)))

    def teardown(self, worker: Any) -> None:
        """End what was started on a worker."""
        del worker
        self._open.close()

    def mark(
        self, files: Mapping[str, bytes], student: str, settings: Settings, others: Files
    ) -> dict[str, Page]:
        """Mark a student's notebooks.

        Raises:
            RuntimeError: when this worker's code is not that of the command: marks might differ.
        """
        if engine_version() != self._version:
            raise RuntimeError("the worker has another version of stridewise; install the same one")
        self.settle()
        with self._one_at_a_time:
            return mark_files(self._templates, files, student, self._runner, settings, others)


def mark_there(
    marker: str, files: Mapping[str, bytes], student: str, settings: Settings, others: Files
) -> dict[str, Page]:
    """Mark a student's notebooks on the worker where this runs."""
    found: Any = get_worker().plugins[marker]
    pages: dict[str, Page] = found.mark(files, student, settings, others)
    return pages


@dataclass(slots=True)
class Sent:
    """A submission that is with the cluster: since when, and how often it was given up there."""

    job: Job
    handed: SubmittedFiles
    since: float = 0.0
    losses: int = 0


@dataclass(slots=True)
class Dispatch:
    """Sends submissions to a cluster, a few ahead of its threads, and takes marks as they come."""

    client: Any
    templates: Mapping[str, Template]
    marker: str
    mark: MarkFiles = mark_there
    sent: dict[Any, Sent] = field(default_factory=dict)
    again: deque[Sent] = field(default_factory=deque)

    def run(self, jobs: list[Job]) -> Iterator[Graded]:
        """Give each submission's result as it arrives."""
        waiting = deque(jobs)
        while waiting or self.sent or self.again:
            while waiting and len(self.sent) < self.room():
                yield from self.send(waiting.popleft())
            if not self.sent and self.again:  # alone, so that it can end no other with it
                self.submit(self.again.popleft())
            for future in self.arrived():
                yield from self.result(future, self.sent.pop(future))

    def room(self) -> int:
        """How many submissions may be with the cluster; none more while one is tried alone."""
        if any(sent.losses for sent in self.sent.values()):
            return 0
        workers = self.client.scheduler_info(n_workers=-1)["workers"].values()
        return AHEAD * max(sum(int(worker["nthreads"]) for worker in workers), 1)

    def send(self, job: Job) -> Iterator[Graded]:
        """Read a submission and send it, or give what there is to say of it without marking."""
        handed = read_submission(job, self.templates)
        if isinstance(handed, Graded):
            yield handed
        else:
            self.submit(Sent(job, handed))

    def submit(self, sent: Sent) -> None:
        """Send the notebooks of a submission that could be read."""
        sent.since = time.monotonic()
        files = {name: data for name, data in sent.handed.files.items() if isinstance(data, bytes)}
        others = dict(sent.handed.others.files)
        arguments = (self.marker, files, sent.job.student, sent.job.settings, others)
        self.sent[self.client.submit(self.mark, *arguments, pure=False)] = sent

    def arrived(self) -> list[Any]:
        """Return the results that are there, or have taken too long, after a short wait."""
        if not self.sent:
            return []
        try:
            with self.client.as_current():
                found = wait(list(self.sent), timeout=1.0, return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call] # distributed is typed in part
            return list(found.done)
        except TimeoutError:
            self.client.wait_for_workers(1, timeout=RETURN)
            now = time.monotonic()
            return [future for future, sent in self.sent.items() if now - sent.since > PATIENCE]

    def result(self, future: Any, sent: Sent) -> Iterator[Graded]:
        """Give a submission's result, or put it aside to be tried by itself."""
        try:
            pages = future.result(timeout=0 if future.status == "pending" else PATIENCE)
        except KilledWorker:
            sent.losses += 1
            if sent.losses < TRIES:
                self.again.append(sent)
            else:
                yield lost(sent, "every worker that marked it died")
        except (CancelledError, FutureCancelledError) as error:
            raise ConnectionError("it let a submission go") from error
        except TimeoutError:
            yield lost(sent, f"it took longer than {PATIENCE:.0f} seconds")
        except Exception as error:  # noqa: BLE001 - one submission never stops the class
            yield lost(sent, f"the worker could not mark it: {type(error).__name__}: {error}")
        else:
            pages |= self.refused(sent)
            yield write_submission(sent.job, self.templates, sent.handed, pages)
        finally:
            future.cancel()

    def refused(self, sent: Sent) -> dict[str, Page]:
        """Give the pages of notebooks that could not be read here, and so were not sent."""
        files = {
            n: data for n, data in sent.handed.files.items() if isinstance(data, RefusedFileError)
        }
        return mark_files(self.templates, files, sent.job.student, lambda: "", sent.job.settings)


def lost(sent: Sent, reason: str) -> Graded:
    """Return what is recorded of a submission that was given up: nothing, and why."""
    return Graded(sent.job.student, "failed", reason=reason[:300])


def results_from_cluster(
    address: str,
    jobs: list[Job],
    templates: Mapping[str, Template],
    *,
    sandbox: bool,
    cell_seconds: float = 30,
    mark: MarkFiles = mark_there,
) -> Iterator[Graded]:
    """Mark submissions on the cluster whose scheduler is at `address`.

    Raises:
        CourseError: when there is no such cluster, it has no workers or other code, or it goes
            away. What has been recorded by then stays.
    """
    try:
        with Client(address, timeout=WAIT, set_as_default=False) as client:  # type: ignore[no-untyped-call] # distributed is typed in part
            client.wait_for_workers(1, timeout=WAIT)
            check_workers(client)
            marker = Marker(templates, sandbox, cell_seconds)
            client.register_plugin(marker)
            yield from Dispatch(client, templates, marker.name, mark).run(jobs)
            client.unregister_worker_plugin(marker.name)
    except (OSError, TimeoutError, ValueError) as error:
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CourseError(f"The cluster at {address} cannot be used: {words}.", AGAIN) from error


def check_workers(client: Any) -> None:
    """Refuse workers that would mark by other rules.

    Raises:
        CourseError: when a worker lacks this package or has another version of it.
    """
    ours = engine_version()
    try:
        versions = client.run(engine_version)
    except ModuleNotFoundError as error:
        raise CourseError("The workers do not have stridewise.", "install it there") from error
    others = sorted(worker for worker, theirs in versions.items() if theirs != ours)
    if others:
        raise CourseError(
            f"Another version of stridewise is on {', '.join(others)}.", "install the same one"
        )
