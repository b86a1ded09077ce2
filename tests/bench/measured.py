"""What the benches share: one command run and measured, and the last lines "asked, measured".

A ratio holds processor time against processor time, of all processes and all processors: unlike the
clock, that is nearly the same on a machine that is busy with other work.
"""

from __future__ import annotations

import compileall
import os
import resource
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ENGINE = (sys.executable, "-m", "autograder")
STOCK = (sys.executable, "-m", "nbgrader")
_BETWEEN_LOOKS = 0.1  # seconds, at the memory of all processes
_REPO = Path(__file__).parents[2]
_CPUACCT = Path("/sys/fs/cgroup/cpuacct")


@dataclass(frozen=True, slots=True)
class Timed:
    """One run: notebooks, seconds, seconds of all processors, the most memory at once in MiB."""

    notebooks: int
    seconds: float
    work: float
    memory: float = 0.0

    @property
    def cost(self) -> float:
        """Seconds of the processor for one notebook."""
        return self.work / self.notebooks

    @property
    def wait(self) -> float:
        """Seconds by the clock for one notebook."""
        return self.seconds / self.notebooks

    def __add__(self, other: Timed) -> Timed:
        """Give two runs over the same notebooks, one after the other, as one."""
        return Timed(
            self.notebooks,
            self.seconds + other.seconds,
            self.work + other.work,
            max(self.memory, other.memory),
        )


def timed(
    line: Sequence[str], folder: Path, notebooks: int, *, memory: bool = False, odd: bool = False
) -> Timed:
    """Run a command in `folder` and measure it with all the processes below it.

    Args:
        line: the command. What it prints goes to `log.txt`, and to the terminal if it fails.
        folder: the working folder.
        notebooks: how many it works on.
        memory: look at the memory of all processes, ten times a second. That takes time itself.
        odd: an exit status of 1 is to be expected: something waits for a person.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    most = 0.0
    with (folder / "log.txt").open("w") as log, _work_counted() as work:
        begun = time.monotonic()
        running = subprocess.Popen(
            [*work.joining, *line], cwd=folder, env=environment, stdout=log, stderr=log
        )
        while memory and running.poll() is None:
            most = max(most, _memory(running.pid))
            time.sleep(_BETWEEN_LOOKS)
        running.wait()
        seconds = time.monotonic() - begun
        processor = work.seconds()
    if running.returncode not in ((0, 1) if odd else (0,)):
        print((folder / "log.txt").read_text()[-2000:], file=sys.stderr)
        raise SystemExit(f"{' '.join(map(str, line))} ended with {running.returncode}")
    return Timed(notebooks, seconds, processor, most)


def header() -> None:
    """Print the machine's state and the heads of the table that `row` fills.

    What both sides import is compiled first, as installing it does: where Python may write no
    bytecode (`PYTHONDONTWRITEBYTECODE`), each process would compile it again.
    """
    for folder in (sysconfig.get_path("purelib"), _REPO / "autograder", _REPO / "lessons"):
        compileall.compile_dir(folder, quiet=2, workers=0)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print(f"{'':44}{'notebooks':>10}{'seconds':>9}{'CPU s':>8}{'CPU ms each':>13}{'MiB':>7}")


def row(name: str, run: Timed) -> Timed:
    """Print one run as a row of the table, and give it back."""
    figures = f"{run.notebooks:>10}{run.seconds:>9.1f}{run.work:>8.1f}{1000 * run.cost:>13.2f}"
    print(f"{name:44}{figures}{f'{run.memory:.0f}' if run.memory else '':>7}", flush=True)
    return run


def at_least(what: str, asked: float, measured: float) -> None:
    """Print a figure that has to be reached."""
    _verdict(what, f"at least {asked:,.0f}", measured, met=measured >= asked)


def at_most(what: str, asked: float, measured: float) -> None:
    """Print a figure that must not be passed."""
    _verdict(what, f"at most {asked:,.0f}", measured, met=measured <= asked)


def _verdict(what: str, asked: str, measured: float, *, met: bool) -> None:
    end = "" if met else "   MISSED"
    print(f"{what}: asked {asked}, measured {measured:,.1f}{end}", flush=True)


class _Work(Protocol):
    """Counts the processor time of a command, and of all processes below it.

    `joining` is put before the command, so that it is counted.
    """

    @property
    def joining(self) -> Sequence[str]:
        """Give the words before the command."""

    def seconds(self) -> float:
        """Give what has been used so far."""


@contextmanager
def _work_counted() -> Iterator[_Work]:
    """Count with a control group where one can be made, or else as the parent of processes.

    A parent does not hear of processes that nobody waits for: forks of fork servers, for one.
    """
    folder = _CPUACCT / f"stridewise-bench-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError:
        yield _Children(_used())
        return
    try:
        yield _Group(folder)
    finally:
        folder.rmdir()


@dataclass(frozen=True, slots=True)
class _Group:
    folder: Path

    @property
    def joining(self) -> Sequence[str]:
        return ("sh", "-c", 'echo $$ > "$0" && exec "$@"', str(self.folder / "tasks"))

    def seconds(self) -> float:
        while (self.folder / "tasks").read_text().strip():  # the last ones are just ending
            time.sleep(0.01)
        return int((self.folder / "cpuacct.usage").read_text()) / 1e9


@dataclass(frozen=True, slots=True)
class _Children:
    before: float
    joining: Sequence[str] = ()

    def seconds(self) -> float:
        return _used() - self.before


def _used() -> float:
    """Give the processor seconds of all processes below this one that have been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(pid: int) -> float:
    """Give the memory in MiB of a process and all below it, shared pages divided among them."""
    try:
        status = Path(f"/proc/{pid}/smaps_rollup").read_text()
        tasks = Path(f"/proc/{pid}/task").iterdir()
        below = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it has just ended, or this is no Linux
        return 0.0
    own = sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("Pss:"))
    return own / 1024 + sum(_memory(int(child)) for child in below)
