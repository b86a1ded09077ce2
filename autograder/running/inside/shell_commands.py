"""Shell commands in cells, such as `!ls` and `%%bash`, run as a kernel runs them.

They run in the sandbox, like everything that a cell starts. Commands that install packages are
not run: there is no network.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any, cast

_INSTALLS = re.compile(
    r"\s*(sudo\s+)?(\S*/)?(python[\d.]*\s+-m\s+)?(pip[\d.]*|conda|mamba|micromamba|uv|apt|apt-get|brew)\b"
)
_IGNORED = "A command that installs packages is not run when a notebook is graded."
_INSTALLERS = ("conda", "mamba", "micromamba", "pip", "uv")
_PROGRAMS = ("bash", "sh", "python", "python3")
_NOT_THERE = frozenset({"javascript", "js", "perl", "pypy", "python2", "ruby", "script"})
"""Magics for other programs, which the sandbox may not have."""
_BACKGROUND = "a command that ends with & is not run: IPython starts no background processes"


def installs(command: str) -> bool:
    """Tell whether a shell command installs packages.

    >>> installs("pip install numpy"), installs("echo pip")
    (True, False)
    """
    return _INSTALLS.match(command) is not None


class ShellCommands:
    """Runs shell commands: a base class before `InteractiveShell`, whose methods it replaces."""

    def system(self, command: str) -> None:
        """Run `!command`, print what it writes, and keep its exit status as `_exit_code`.

        Raises:
            OSError: When it ends with `&`, as IPython's does.
        """
        shell = cast("Any", self)
        if installs(command):
            print(_IGNORED)  # noqa: T201 - the cell's own output
            return
        if command.rstrip().endswith("&"):
            raise OSError(_BACKGROUND)
        text = shell.var_expand(command, depth=1)
        shell.user_ns["_exit_code"] = _run(["/bin/sh", "-c", f"exec 2>&1\n{text}"], "")

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Run `name = !command` and return the lines that it writes."""
        shell = cast("Any", super())
        if installs(cmd):
            print(_IGNORED)  # noqa: T201 - the cell's own output
            cmd = "true"
        return shell.getoutput(cmd, split=split, depth=depth + 1)


def set_magics(shell: Any) -> None:
    """Run the cells of `%%bash` and the like here, and nothing for `%pip` and the like."""
    for name in _INSTALLERS:
        shell.register_magic_function(lambda _: print(_IGNORED), "line", name)  # noqa: T201
    for name in _NOT_THERE.union(_PROGRAMS):
        shell.find_magic(name)  # some versions of IPython load them on first use
    lazy = getattr(shell.magics_manager, "lazy_magics", {})
    for name in _NOT_THERE.intersection(lazy):
        del lazy[name]
    for kinds in shell.magics_manager.magics.values():
        for name in _NOT_THERE:
            kinds.pop(name, None)
    for name in _PROGRAMS:
        shell.register_magic_function(_runner(name), "cell", name)


def _runner(name: str) -> Any:
    def run(line: str, cell: str) -> None:
        program = [sys.executable] if name.startswith("python") else [name]
        status = _run([*program, *line.split()], cell)
        if status:
            raise subprocess.CalledProcessError(status, name)

    return run


def _run(command: list[str], given: str) -> int:
    """Run a program with `given` as its input; print what it writes, and return its status."""
    done = subprocess.run(  # noqa: S603 - student code, in the sandbox as all of it
        command, input=given, capture_output=True, text=True, errors="replace", check=False
    )
    print(done.stdout, end="")  # noqa: T201 - the cell's own output
    print(done.stderr, end="", file=sys.stderr)  # noqa: T201 - as above
    return done.returncode
