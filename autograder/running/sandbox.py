"""The command that starts a fork server, inside bubblewrap where there is a sandbox.

Only what Python needs is visible in it: the interpreter, its packages, `stridewise` and the folder
`inside`; nothing of the course, of other students, or of the gradebook.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from autograder.running.limits import Limits

_INSIDE = Path(__file__).parent / "inside"
_START = "import sys; sys.path[:0] = {path!r}; from inside.main import main; main()"
LIGHT = ("numpy", "numpy.random", "stridewise", "matplotlib", "matplotlib.pyplot", "IPython")
HEAVY = (*LIGHT, "tensorflow", "keras")
_LIBRARIES = ("lib", "lib32", "lib64", "libx32", "bin", "sbin")
_SYSTEM = (
    *(f"/{name}" for name in _LIBRARIES),
    *(f"/usr/{name}" for name in _LIBRARIES),
    *(f"/usr/share/{name}" for name in ("fontconfig", "fonts", "locale", "tcltk", "zoneinfo")),
    "/usr/local/lib",
    "/usr/local/bin",
    "/nix/store",
)
"""The visible folders of the system: programs and libraries, and no folder that may hold a course.

nbgrader's exchange, for example, is by default in /usr/local/share.
"""
_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives", "/etc/hosts")
_SOURCES = "/sources"
_HOME = "/tmp"  # noqa: S108 - inside, where it is a file system of its own
_MOVED = "/moved"
_PROBE_SECONDS = 60
_NOBODY = "65534"
_ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "HOME": _HOME,
    "IPYTHONDIR": f"{_HOME}/.ipython",
    "KERAS_HOME": f"{_HOME}/.keras",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": f"{_HOME}/.matplotlib",
    "NBGRADER_EXECUTION": "autograde",
    "OMP_NUM_THREADS": "2",
    "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONNOUSERSITE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "USER": "nobody",
}


def command(
    control: int,
    status: int,
    imports: Sequence[str],
    limits: Limits,
    *,
    sandbox: bool,
    as_root: bool = False,
    probe: bool = False,
) -> list[str]:
    """Return the command that starts a fork server.

    It listens on the descriptor `control`, and reports on `status` that it is ready.
    """
    options = {
        "as_root": as_root,
        "control": control,
        "imports": list(imports),
        "limits": limits.as_dict(),
        "probe": probe,
        "sandbox": sandbox,
        "status": status,
    }
    path = [_SOURCES] if sandbox else [str(_INSIDE.parent), str(_home_of_stridewise())]
    path += [_seen_at(folder) if sandbox else folder for folder in _elsewhere()]
    interpreter = _seen_at(sys.executable) if sandbox else sys.executable
    python = [interpreter, "-I", "-c", _START.format(path=path), json.dumps(options)]
    return [*_bubblewrap(as_root=as_root), *python] if sandbox else python


def environment() -> dict[str, str]:
    """Return the environment of a fork server: of this process's own variables, the time zone."""
    zone = {"TZ": os.environ["TZ"]} if "TZ" in os.environ else {}
    return _ENVIRONMENT | zone


def _bubblewrap(*, as_root: bool) -> Iterator[str]:
    """Yield bubblewrap's arguments.

    Root starts it without a user namespace and gives up root inside, since limits on processes do
    not apply to root. Other users start it in a user namespace.
    """
    yield from ("bwrap", "--die-with-parent", "--new-session", "--cap-drop", "ALL")
    yield from ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts")
    if as_root:
        yield from ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
    else:
        yield from ("--unshare-user", "--uid", _NOBODY, "--gid", _NOBODY)
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from _open_way_to(str(path))
            yield from ("--ro-bind", str(path), str(path))
    for file in _FILES:
        yield from _open_way_to(file)
        yield from ("--ro-bind-try", file, file)
    for folder in (*_python_folders(), *_elsewhere()):
        yield from _open_way_to(_seen_at(folder))
        yield from ("--ro-bind", folder, _seen_at(folder))
        yield from _hidden_in(folder)
    yield from ("--perms", "0755", "--dir", _SOURCES)
    yield from ("--ro-bind", str(_home_of_stridewise() / "stridewise"), f"{_SOURCES}/stridewise")
    yield from ("--ro-bind", str(_INSIDE), f"{_SOURCES}/inside")
    yield from ("--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", _HOME)
    yield from ("--remount-ro", "/dev", "--remount-ro", "/")
    for name, value in environment().items():
        yield from ("--setenv", name, _seen_at(value) if name == "PATH" else value)
    yield from ("--chdir", "/")


def _seen_at(path: str) -> str:
    """Return a path as it is inside: folders in /tmp get another, since /tmp is replaced there.

    A virtual environment can be moved: Python finds its packages relative to its program.
    """
    return f"{_MOVED}{path}" if path.startswith(f"{_HOME}/") else path


def _python_folders() -> list[str]:
    """Return the folders of the interpreter and its packages, only the outermost ones."""
    folders = {os.path.realpath(path) for path in (sys.base_prefix, sys.base_exec_prefix)}
    folders |= {sys.prefix, os.path.realpath(sys.prefix)}
    folders -= {"/", "/usr", "/usr/local"}  # _SYSTEM has the parts of these that are needed
    return sorted(
        folder
        for folder in folders
        if not any(folder != other and folder.startswith(f"{other}/") for other in folders)
    )


def _elsewhere() -> list[str]:
    """Return the folders of packages elsewhere, such as a user's own."""
    inside = (*_python_folders(), *_SYSTEM)
    found = (find_spec(name) for name in HEAVY if "." not in name and name != "stridewise")
    homes = {
        str(Path(spec.origin).resolve().parent.parent) for spec in found if spec and spec.origin
    }
    return sorted(home for home in homes if not any(home.startswith(f"{top}/") for top in inside))


def _open_way_to(folder: str) -> Iterator[str]:
    """Create the parent folders with permissions for all: root's home, for example, is closed."""
    for parent in reversed(Path(folder).parents):
        if str(parent) != "/":
            yield from ("--perms", "0755", "--dir", str(parent))


def _hidden_in(folder: str) -> Iterator[str]:
    """Hide this package where it is installed beside others."""
    here = str(Path(__file__).resolve().parent.parent)
    if here.startswith(f"{folder}/"):
        yield from ("--tmpfs", _seen_at(here))


def _home_of_stridewise() -> Path:
    spec = find_spec("stridewise")
    if spec is None or spec.origin is None:
        raise RuntimeError("stridewise is not installed where Python finds packages")
    return Path(spec.origin).resolve().parent.parent


def runs_here() -> str | None:
    """Return None where student code can be run, with or without a sandbox; else why not."""
    return None if sys.platform.startswith("linux") else "student code can be run on Linux only"


@lru_cache(maxsize=1)
def sandbox_available() -> str | None:
    """Return None where the sandbox works; else why not, and what to do.

    It is tested once, since kernels and containers differ in what they allow.
    """
    way = _working_way()
    return None if isinstance(way, bool) else way


def runs_as_root() -> bool:
    """Return whether bubblewrap is to be started as root."""
    return _working_way() is True


@lru_cache(maxsize=1)
def _working_way() -> bool | str:
    """Return whether to start bubblewrap as root, or why it cannot be started at all."""
    if not sys.platform.startswith("linux"):
        return "the sandbox needs bubblewrap, which is for Linux only"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed; install it: apt-get install bubblewrap"
    problem = ""
    for as_root in (True, False) if os.geteuid() == 0 else (False,):
        problem = _probe(as_root=as_root)
        if not problem:
            return as_root
    return f"this system does not let bubblewrap confine student code: {problem}"


def _probe(*, as_root: bool) -> str:
    """Try to confine a process; return what went wrong."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        status = theirs.fileno()
        call = command(status, status, (), Limits(), sandbox=True, as_root=as_root, probe=True)
        try:
            done = subprocess.run(  # noqa: S603 - our own command
                call,
                pass_fds=[status],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PROBE_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        theirs.close()
        answer = ours.recv(1_000).decode(errors="replace")
    words = done.stderr.decode(errors="replace").strip().splitlines()
    return "" if answer == "ready" else answer or (words[-1] if words else "it ended at once")
