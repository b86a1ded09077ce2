"""Isolates a process from all others: namespaces, an empty home, limits, no capabilities.

This runs inside the sandbox, in a fork that has not run any student's code yet. It uses the
standard library alone. Each step works or raises, so a process never runs partly confined.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import shutil
import signal
import socket
import struct
import sys
from pathlib import Path

# From <linux/sched.h>, <linux/mount.h>, <linux/prctl.h> and <linux/capability.h>.
_NEW_NAMESPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP = 1, 4, 24
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_CAPABILITY_VERSION = 0x20080522
_LAST_CAPABILITY = 63
_KEPT_OF_PROC = ("cpuinfo", "meminfo", "self/cmdline", "self/status")
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1  # from <linux/sockios.h> and <linux/if.h>
NOBODY = 65534
MOST_OPEN = 256
"""The most open files that a process may have."""
WRITABLE = ("/tmp", "/dev/shm")  # noqa: S108 - in a mount namespace of its own
"""The folders to which a confined process can write."""

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def become_nobody() -> None:
    """Give up root for ever, since limits on the number of processes do not apply to root."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # After a change of user, /proc/self belongs to root; the namespace's user map is written there.
    _check(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl")


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0), "prctl")


def adopt_orphans() -> None:
    """Become the parent of the orphans of child processes."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")


def end_orphans() -> None:
    """Kill all children and their children until there are none."""
    while True:
        for pid in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def start_first() -> tuple[int, int]:
    """Start the first process of the namespace that this process has entered for its children.

    It is a small program that only waits: a fork of this process would copy all its page tables. It
    inherits that SIGCHLD is ignored, so it leaves no zombie processes. It ends when the returned
    descriptor is closed, at the latest with this process, and its namespace ends with it.

    Returns:
        its id, and the descriptor.
    """
    theirs, ours = os.pipe()
    call = _waiting_program()
    input_only = [(os.POSIX_SPAWN_DUP2, theirs, 0)]
    first = os.posix_spawn(call[0], call, os.environ, file_actions=input_only)
    os.close(theirs)
    return first, ours


def _waiting_program() -> tuple[str, ...]:
    """Return a program that reads its input to the end."""
    found = shutil.which("cat")
    reading = "import os\nwhile os.read(0, 9): pass"
    return (found,) if found else (sys.executable, "-I", "-S", "-c", reading)


def _children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return [int(pid) for pid in listed.split()]


def enter_namespaces() -> None:
    """Enter new namespaces for users, mounts, processes, IPC, host name and network.

    The next fork is the first process of its own process namespace: it sees no other process, and
    when it ends, all that it started end too.
    """
    uid, gid = os.getuid(), os.getgid()
    _check(_libc.unshare(_NEW_NAMESPACES), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _start_loopback()


def _start_loopback() -> None:
    """Start the loopback interface, the only one here: a notebook may talk to its own server.

    No protection depends on it, so an error is ignored.
    """
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket,
    ):
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", _IFF_UP))


def empty_folders(home_size: int) -> None:
    """Mount empty folders over those that a process could write to or that show other processes."""
    _check(_libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None), "mount")
    for folder in WRITABLE:
        _empty(folder, f"size={home_size},mode=1777", _MS_NOSUID | _MS_NODEV)
    _replace_proc()


def _replace_proc() -> None:
    """Replace /proc by a few plain files, without which TensorFlow does not start.

    The real /proc would show other processes and their memory.
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
    """Drop all capabilities, also for programs that are started later."""
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
        (resource.RLIMIT_NOFILE, MOST_OPEN),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, 2 * limits["total_seconds"]),
    ):
        hard = resource.getrlimit(kind)[1]
        limit = int(most) if hard == resource.RLIM_INFINITY else min(int(most), hard)
        resource.setrlimit(kind, (limit, limit))


def keep_only(*kept: int) -> None:
    """Close all open files except these; input is empty, and output is discarded.

    Programs that are started later do not inherit the files that are kept.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        os.set_inheritable(descriptor, False)
        low = descriptor + 1
    os.closerange(low, 65_536)
