"""The supervisor of one submission whose tests run beside its cells.

It runs no student code. It starts the process of the cells, which forks at each place where a test
stands. When the cells have ended, it kills that process and all that it started; only then does it
send each fork its test. `line` is the socket to the grader, for lines of JSON; student code has no
access to it.

When the process ends early, the supervisor knows from the messages which cell was running.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
from typing import Any, BinaryIO

from .channel import Channel, Ended, Forged
from .file_states import FileStates, TooMuch
from .prepare import names_given, patches, prepared
from .processes import Processes
from .sharing import Sharing
from .time_limits import FULL, time_limit
from .watch import Stop, Watch
from .without_threads import certain_result

_GRACE_SECONDS = 5
_READY_SECONDS = 20


class Tests:
    """Runs the cells of one job, then its tests.

    Args:
        lines: the socket to the grader and its stream, and the sockets of the process of the cells:
            of its channel and of its report.
        job: what to run, and the key of the messages.
        limits: the limits of a run.
        processes: the processes below this one.
        ids: the process of the cells, and the one that only waits, as the first one of a namespace;
            0 where there is none.
        folders, links: the folders to which the process of the cells can write, and the one for
            second links (see file_states.py).
    """

    def __init__(
        self,
        lines: tuple[socket.socket, BinaryIO, socket.socket, socket.socket],
        job: tuple[dict[str, Any], bytes],
        limits: dict[str, Any],
        processes: Processes,
        ids: tuple[int, int],
        folders: tuple[str, ...],
        links: str,
    ) -> None:
        self._line, self._stream, connection, self._report = lines
        self._job, self._key = job
        self._main = Channel(connection, self._key, 0)
        self._limits, self._processes = limits, processes
        self._watch = Watch(self._line, limits, processes)
        self._files = FileStates(folders, links)
        self._sharing = Sharing(processes)
        self._memory: dict[int, list[bytes] | None] = {}
        self._forks: dict[int, Channel] = {}
        self._ids: dict[int, int] = {}
        self._kept_alive = set[int]()
        self._unsure: set[int] = set()
        self._tested: dict[int, frozenset[str]] = {}
        self._cells_id, self._first = ids
        self._last, self._asked = 0, -1

    def serve(self) -> None:
        """Do the whole job."""
        job = self._job
        self._late = 0.0
        self._hung: set[Any] = set(job["hung"])
        self._given = frozenset[str]().union(*map(names_given, job["given"].values()))
        places = [index for kind, index, _ in job["steps"] if kind == "place"]
        self._several = len(places) > 1
        with contextlib.suppress(Stop):
            here = self._cells(places)
            background = here is not None and self._still_run(job["background"]["seconds"])
            if background and job["background"]["go_on"]:
                self._kept_alive = self._processes.below(os.getpid()) - self._kept()
            if not self._processes.end(os.getpid(), self._kept()):
                self._tell(lost="its processes could not be ended")
                return
            self._tell(
                cells_ended=True,
                places=sorted(self._forks),
                background_at=here if background else -1,
                network=self._asked_from(),
            )
            while line := self._stream.readline():
                self._test(json.loads(line))

    def _kept(self) -> set[int]:
        """Return the processes that continue when the cells have ended."""
        return {self._first, *self._ids.values(), *self._kept_alive}

    def _tell(self, **message: Any) -> None:
        try:
            self._line.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            raise Stop from None

    def _cells(self, places: list[int]) -> int | None:
        """Run the cells; return the place that the process of the cells has reached."""
        doing = last = None
        try:
            self._ready(self._main)
            self._sharing.begin(self._cells_id)
            self._main.send("begin")
            while True:
                message = self._message(self._main, doing, self._cells_id)
                if message[0] == "begins":
                    doing = last = self._last = message[1]
                    self._tell(begins=doing)
                elif message[0] == "ended":
                    doing = None
                    self._tell(ended=message[1], error=list(message[2:4]), late=self._late)
                elif message[0] == "place":
                    self._asked_from()
                    if self._reach(message[1], message[2], last=message[1] == places[-1]):
                        return message[1]  # type: ignore[no-any-return]
                else:
                    return None
        except (Ended, Forged, TimeoutError) as error:
            place = last if doing is None else doing
            late, crowded = self._watch.out_of_time, self._watch.crowded
            self._tell(died=place, reason=self._why(error), out_of_time=late, crowded=crowded)
            return None

    def _message(self, channel: Channel, doing: Any, pid: int) -> tuple[Any, ...]:
        """Wait for a message; interrupt a cell that takes too long, as stock nbgrader does."""
        self._late = 0.0
        full = self._limits["cell_seconds"]
        seconds = max(_READY_SECONDS, full) if doing is None else self._limit(doing)
        try:
            return channel.receive(self._watch, seconds)
        except TimeoutError:
            if doing is None:
                raise
        self._late = seconds
        self._hung.add(doing)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid or self._cells_id, signal.SIGINT)
        return channel.receive(self._watch, _GRACE_SECONDS)

    def _limit(self, doing: Any) -> float:
        """Return the time limit of a cell or test: the short one where it took too long before."""
        hung = FULL if doing in self._hung else len(self._hung)
        return time_limit(self._limits["cell_seconds"], hung)

    def _why(self, error: Exception) -> str:
        """Return why a process ended, or was ended."""
        with contextlib.suppress(OSError):
            reached = self._report.recv(200, socket.MSG_DONTWAIT).decode(errors="replace")
            if reached:
                return f"it used what only tampering needs: {reached[:80]}"
        if self._watch.too_much:
            return self._watch.too_much
        if isinstance(error, TimeoutError):
            return f"it took longer than {self._limits['cell_seconds']:g} seconds"
        if isinstance(error, Forged):
            return "it sent what only the grader sends"
        return "it ended its own process"

    def _still_run(self, seconds: float) -> bool:
        """Return whether processes that the cells have started still run after some seconds."""
        with contextlib.suppress(Ended):
            return not self._processes.all_end(os.getpid(), self._kept(), seconds, self._watch)
        return False

    def _reach(self, place: int, python_threads: int, *, last: bool) -> bool:
        """Have the process fork at a place, if it can; return whether it waits there itself.

        At the last place it waits for the tests itself: no cell follows. Where it shares too much
        with its forks it passes the place, and the tests of that place have a run of their own.

        A fork has no threads of libraries, such as TensorFlow's, and code that waits for one never
        ends. So only some results of a test in such a fork count.
        """
        alone = self._processes.threads(self._cells_id) == 1
        self._keep_files(place)
        if self._forks or not last:
            self._memory[place] = self._sharing.held(self._cells_id, self._ids.values())
            if self._memory[place] is None:
                self._main.send("pass")
                return False
        if not last and (alone or not python_threads):
            self._main.send("fork")
            fork = self._main.take_socket(self._watch, _READY_SECONDS)
            channel = Channel(fork, self._key, place + 1)
            try:
                self._ready(channel)
            except (Ended, TimeoutError):
                if alone:
                    raise
                return False  # it needs the threads even to get ready
            self._forks[place], self._ids[place] = channel, channel.sender
            if not alone:
                self._unsure.add(place)
            return False
        if not last:
            self._main.send("pass")
            return False
        self._main.send("here")
        self._ready(self._main)
        self._forks[place], self._ids[place] = self._main, self._cells_id
        return True

    def _keep_files(self, place: int) -> None:
        """Keep what the files hold, if there are tests at other places too."""
        try:
            if self._several:
                self._files.keep(place, self._sharing.opened(self._cells_id)[1])
        except TooMuch as error:
            self._watch.crowded, self._watch.too_much = True, str(error)
            raise Ended from None

    def _put_files_back(self, place: int) -> None:
        try:
            self._files.put_back(place)
        except (OSError, TooMuch) as error:
            self._watch.crowded = True
            self._watch.too_much = f"its files could not be put back: {error}"
            raise Ended from None

    def _unfit(self, place: int, channel: Channel, pid: int) -> dict[str, Any]:
        """Return what to tell where a fork is not as it was at its place, {} where it is."""
        if channel is not self._main and self._processes.threads(pid) != 1:
            # A test before it may have started them. Otherwise a hook of student code did.
            again = place in self._unsure.union(self._tested)
            return {"again": True} if again else {"lost": self._why(Ended())}
        held = None if place in self._tested else self._memory.get(place)
        return {"again": True} if held and held != self._sharing.memory(pid) else {}

    def _ready(self, channel: Channel) -> None:
        if channel.receive(self._watch, _READY_SECONDS)[0] != "ready":
            raise Ended("the notebook left a thread running")

    def _test(self, request: dict[str, Any]) -> None:
        """Run one test; a request without a source ends the fork at its place."""
        place = request["place"]
        if "source" not in request:
            self._end_fork(place)
            return
        source, first = request["source"], place not in self._tested
        given = self._given - self._tested.get(place, frozenset())
        try:
            codes, shown, own = prepared(source, request["set_up"], given, first=first)
        except SyntaxError as error:
            self._tell(result=["raised", "SyntaxError", str(error), "", "", "", 0, [], [], []])
            return
        channel, pid = self._forks[place], self._ids[place]
        if unfit := self._unfit(place, channel, pid):
            self._tell(**unfit)
            return
        self._tested[place] = self._tested.get(place, own) | own  # names that tests have bound
        self._watch.begin()
        try:
            if request["files_back"]:
                self._put_files_back(place)
            asked = [request[name] for name in ("answers", "back", "files_back")]
            channel.send(codes, shown, patches(source), *asked)
            if place in self._unsure:
                seconds = self._limit(None)
                result = certain_result(channel, pid, seconds, self._watch, self._processes)
                self._tell(**({"result": result, "late": 0} if result else {"again": True}))
                return
            found = self._message(channel, object(), pid)  # each test is one of its own
            network = self._asked_network()
            self._tell(result=list(found[1:]), late=self._late, network=network)
        except (Ended, Forged, TimeoutError) as error:
            lost = {"lost": self._why(error), "crowded": self._watch.crowded}
            self._tell(**({"again": True} if place in self._unsure else lost))

    def _end_fork(self, place: int) -> None:
        self._forks.pop(place, None)
        if place in self._ids:
            self._processes.end_one(self._ids.pop(place))
        self._processes.end(os.getpid(), self._kept())

    def _asked_from(self) -> int:
        """Return the cell from which on the network had been asked for, -1 where it was not."""
        if self._asked < 0 and self._asked_network():
            self._asked = self._last
        return self._asked

    def _asked_network(self) -> bool:
        """Return whether the notebook asked for the network; without a sandbox there is one."""
        return self._first != 0 and self._processes.asked_network()
