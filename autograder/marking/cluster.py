"""Marking a class on the workers of a Dask cluster; this process alone writes the gradebook.

A submission's bytes are sent to a worker; marks and marked notebooks come back. Workers need this
package and bubblewrap, and no access to the course. The submissions of a lost worker are sent
again. One that ends its workers is tried once more alone, and reported if that fails too.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import ExitStack
from dataclasses import dataclass, field
from pickle import dumps
from typing import Any
from uuid import uuid4

from distributed import Client, KilledWorker, Status, get_worker, wait
from distributed.client import FutureCancelledError
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.utils import sync

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

AHEAD = 2  # submissions sent for each thread of the cluster, so that no thread waits
PATIENCE = 3600.0  # the timeout of one submission in seconds, as for workers on this machine
ARRIVAL = 60.0  # seconds to wait for a finished result to be sent here
WAIT = 30.0  # seconds to wait for the cluster and a first worker
RETURN = 300.0  # seconds to wait for another worker where the last one is gone
NANNY = 30.0  # seconds to wait for the process that starts a worker again
TRIES = 2  # how often Dask may give up on a submission (by default after four lost workers)
AGAIN = "all marks so far are recorded; run the command again when the cluster is back"

MarkFiles = Callable[[str, Mapping[str, bytes], str, Settings, Files], dict[str, Page]]


class Marker(WorkerPlugin):
    """What each worker needs for a run: the masters, and its own fork servers to run cells.

    Dask sends it to every worker, also to one that starts later.
    """

    def __init__(
        self, templates: Mapping[str, Template], sandbox: bool, cell_seconds: float = 30
    ) -> None:
        self._cell_seconds = cell_seconds
        self.name = f"stridewise-{uuid4().hex}"
        self._templates, self._sandbox = dict(templates), sandbox
        self._version = engine_version()

    def setup(self, worker: Any) -> None:
        """Prepare a worker."""
        del worker
        # Hidden tests redirect output and catch warnings, which all threads of a process share.
        self._one_at_a_time = threading.Lock()
        self._would_be_replaced = False
        self._open = ExitStack()
        self._runner = LazyRunner(
            self._open, sandbox=self._sandbox, cell_seconds=self._cell_seconds
        )

    def wait_for_nanny(self) -> None:
        """Wait until Dask would start another worker if this one died.

        Each worker has a nanny, a process that starts it again. It gives up on a worker that dies
        before the nanny has noted that it is up.
        """
        worker = get_worker()
        deadline = time.monotonic() + NANNY
        while worker.nanny and not self._would_be_replaced and time.monotonic() < deadline:
            self._would_be_replaced = sync(worker.loop, asked_of_nanny, worker)
            time.sleep(0.0 if self._would_be_replaced else 0.05)

    def teardown(self, worker: Any) -> None:
        """Stop what was started on a worker."""
        del worker
        self._open.close()

    def mark(
        self, files: Mapping[str, bytes], student: str, settings: Settings, others: Files
    ) -> dict[str, Page]:
        """Mark a student's notebooks.

        Raises:
            RuntimeError: when this worker has another version of the code: marks might differ.
        """
        if engine_version() != self._version:
            raise RuntimeError("the worker has another version of stridewise; install the same one")
        self.wait_for_nanny()
        with self._one_at_a_time:
            return mark_files(self._templates, files, student, self._runner, settings, others)


async def asked_of_nanny(worker: Any) -> bool:
    """Ask the nanny of a worker whether it knows that the worker is up; True where none answers."""
    try:
        answer = await worker.rpc(worker.nanny).run(function=dumps(knows_its_worker), wait=True)
    except OSError:
        return True
    return bool(answer["result"])


def knows_its_worker(dask_worker: Any) -> bool:
    """Tell, in the process of a nanny, whether it has noted that its worker is up."""
    return bool(dask_worker.process.status == Status.running)


def mark_there(
    marker: str, files: Mapping[str, bytes], student: str, settings: Settings, others: Files
) -> dict[str, Page]:
    """Mark a student's notebooks on the worker that runs this function."""
    found: Any = get_worker().plugins[marker]
    pages: dict[str, Page] = found.mark(files, student, settings, others)
    return pages


@dataclass(slots=True)
class Sent:
    """A submission that was sent to the cluster; `losses` counts how often it was lost there."""

    job: Job
    handed: SubmittedFiles
    since: float = 0.0
    losses: int = 0


@dataclass(slots=True)
class Dispatch:
    """Sends submissions to a cluster, a few for each thread, and yields the results."""

    client: Any
    templates: Mapping[str, Template]
    marker: str
    mark: MarkFiles = mark_there
    sent: dict[Any, Sent] = field(default_factory=dict)
    again: deque[Sent] = field(default_factory=deque)

    def run(self, jobs: list[Job]) -> Iterator[Graded]:
        """Yield each submission's result as it arrives."""
        waiting = deque(jobs)
        while waiting or self.sent or self.again:
            while waiting and len(self.sent) < self.capacity():
                yield from self.send(waiting.popleft())
            if not self.sent and self.again:  # alone, so that no other submission is lost with it
                self.submit(self.again.popleft())
            for future in self.arrived():
                yield from self.result(future, self.sent.pop(future))

    def capacity(self) -> int:
        """How many submissions may be on the cluster at once; 0 while one is tried alone."""
        if any(sent.losses for sent in self.sent.values()):
            return 0
        workers = self.client.scheduler_info(n_workers=-1)["workers"].values()
        return AHEAD * max(sum(int(worker["nthreads"]) for worker in workers), 1)

    def send(self, job: Job) -> Iterator[Graded]:
        """Read a submission and send it; yield a result at once where it is not to be marked."""
        handed = read_submission(job, self.templates)
        if isinstance(handed, Graded):
            yield handed
        else:
            self.submit(Sent(job, handed))

    def submit(self, sent: Sent) -> None:
        """Send those notebooks of a submission that could be read."""
        sent.since = time.monotonic()
        files = {name: data for name, data in sent.handed.files.items() if isinstance(data, bytes)}
        others = dict(sent.handed.others.files)
        arguments = (self.marker, files, sent.job.student, sent.job.settings, others)
        self.sent[self.client.submit(self.mark, *arguments, pure=False)] = sent

    def arrived(self) -> list[Any]:
        """Wait shortly and return the submissions that are finished, or have timed out."""
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
        """Yield a submission's result, or keep the submission to be waited for or tried alone."""
        try:
            pages = future.result(timeout=0 if future.status == "pending" else ARRIVAL)
        except KilledWorker:
            sent.losses += 1
            if sent.losses < TRIES:
                self.again.append(sent)
            else:
                yield lost(sent, "every worker process that tried to mark it died")
        except (CancelledError, FutureCancelledError) as error:
            raise ConnectionError("the scheduler cancelled a submission") from error
        except TimeoutError:
            if time.monotonic() - sent.since <= PATIENCE:
                # The worker that held the result died before it was sent: Dask works it out again.
                self.sent[future] = sent
                return
            yield lost(sent, f"it took longer than {PATIENCE:.0f} seconds")
        except Exception as error:  # noqa: BLE001 - one submission never stops the class
            yield lost(sent, f"the worker could not mark it: {type(error).__name__}: {error}")
        else:
            pages |= self.refused(sent)
            yield write_submission(sent.job, self.templates, sent.handed, pages)
        future.cancel()

    def refused(self, sent: Sent) -> dict[str, Page]:
        """Return the pages of notebooks that could not be read here and were not sent."""
        files = {
            n: data for n, data in sent.handed.files.items() if isinstance(data, RefusedFileError)
        }
        return mark_files(self.templates, files, sent.job.student, lambda: "", sent.job.settings)


def lost(sent: Sent, reason: str) -> Graded:
    """Return the result of a submission that could not be marked, with the reason."""
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
        CourseError: when there is no such cluster, it has no workers, its code is another version,
            or the connection is lost. What has been recorded by then stays.
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
    """Refuse workers whose code is another version: their marks might differ.

    Raises:
        CourseError: when a worker lacks this package or has another version of it.
    """
    ours = engine_version()
    try:
        versions = client.run(engine_version)
    except ModuleNotFoundError as error:
        raise CourseError(
            "The package stridewise is not installed on the cluster's workers.",
            "install it on every worker",
        ) from error
    others = sorted(worker for worker, theirs in versions.items() if theirs != ours)
    if others:
        raise CourseError(
            f"The workers {', '.join(others)} have another version of stridewise.",
            "install the version of this machine there",
        )
