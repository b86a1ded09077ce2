"""Isolates a process from all others: namespaces, an empty home, limits, no capabilities.

This runs inside the sandbox, in a fork that has not run any student's code yet. It uses the
standard library alone. Each step either works or raises, so nothing runs partly confined.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
from pathlib import Path

# From <linux/sched.h>, <linux/mount.h>, <linux/prctl.h> and <linux/capability.h>.
_NEW_NAMESPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP = 1, 4, 24
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_CAPABILITY_VERSION = 0x20080522
_LAST_CAPABILITY = 63
_KEPT_OF_PROC = ("cpuinfo", "meminfo", "self/cmdline", "self/status")
NOBODY = 65534

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def become_nobody() -> None:
    """Give up root for good, since root's processes are not counted against any limit."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # Changing user makes /proc/self root's; the user map of a namespace is written there.
    _check(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl")


def die_with_parent() -> None:
    """Ask to be killed when the process that made this one ends."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0), "prctl")


def adopt_orphans() -> None:
    """Become the parent of whatever a child leaves behind."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")


def end_orphans() -> None:
    """Kill every child, those of its children with it, until there are none."""
    while True:
        for pid in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def wait_for_all() -> None:
    """Wait for every child, and for what they leave behind, until there are none."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def _children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return [int(pid) for pid in listed.split()]


def enter_namespaces() -> None:
    """Take new namespaces for users, files, processes, messages, host name and network.

    The next process forked is the first of its own process namespace: it sees no other, and when it
    ends, all that it started end with it.
    """
    uid, gid = os.getuid(), os.getgid()
    _check(_libc.unshare(_NEW_NAMESPACES), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def empty_folders(home_size: int) -> None:
    """Cover what a process could write to, and what shows other processes, with empty folders."""
    _check(_libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None), "mount")
    for folder in ("/tmp", "/dev/shm"):  # noqa: S108 - in a mount namespace of its own
        _empty(folder, f"size={home_size},mode=1777", _MS_NOSUID | _MS_NODEV)
    _replace_proc()


def _replace_proc() -> None:
    """Put a few plain files where /proc was, since TensorFlow will not start without them.

    The real one would show other processes, their memory included.
    """
    kept = {name: Path("/proc", name).read_bytes() for name in _KEPT_OF_PROC}
    program = Path("/proc/self/exe").readlink()
    _empty("/proc", "size=1m,mode=755", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    Path("/proc/self").mkdir()
    for name, text in kept.items():
        Path("/proc", name).write_bytes(text)
    Path("/proc/self/exe").symlink_to(program)


def _empty(folder: str, options: str, flags: int) -> None:
    target = folder.encode()
    _check(_libc.mount(b"tmpfs", target, b"tmpfs", flags, options.encode()), f"mount {folder}")


def drop_capabilities() -> None:
    """Give up every capability, and the way to get one by starting another program."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    for capability in range(_LAST_CAPABILITY + 1):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails beyond the kernel's last
    header = struct.pack("Ii", _CAPABILITY_VERSION, 0)
    _check(_libc.capset(header, bytes(24)), "capset")


def set_limits(limits: dict[str, float]) -> None:
    """Limit memory, processes, files and processor time."""
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_FSIZE, limits["file_size"]),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, 2 * limits["total_seconds"]),
    ):
        hard = resource.getrlimit(kind)[1]
        limit = int(most) if hard == resource.RLIM_INFINITY else min(int(most), hard)
        resource.setrlimit(kind, (limit, limit))


def keep_only(*kept: int) -> None:
    """Close every open file but these; input is empty, and output goes nowhere."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, 65_536)
