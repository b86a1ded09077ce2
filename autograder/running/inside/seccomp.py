"""A seccomp filter against system calls that no notebook needs.

These create namespaces, read other processes, or allocate memory that no limit counts. The filter
is a BPF program: <linux/filter.h>, <linux/seccomp.h>.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterator

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_AT_NUMBER, _AT_MACHINE, _AT_FIRST_ARGUMENT = 0, 4, 16  # in `struct seccomp_data`
_NEW_USER_NAMESPACE = 0x10000000
_OTHER_NUMBERS = 0x40000000  # x86-64's second set of the same calls (x32)
_CLONE3 = 435

# The machine's name in <linux/audit.h>, `clone`, and what is refused, from <asm/unistd.h>: bpf,
# keyctl and related calls, memfd_create, mounting, perf_event_open, process_vm_*, ptrace, setns,
# unshare, userfaultfd.
_MACHINES = {
    "x86_64": (
        0xC000003E,
        56,
        (101, 155, 165, 166, 248, 249, 250, 272, 298, 308, 310, 311, 319, 321, 323),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        (117, 41, 40, 39, 217, 218, 219, 97, 241, 268, 270, 271, 279, 280, 282),
    ),
}
# io_uring, the newer calls that mount, pidfd_getfd, memfd_secret.
_SAME_EVERYWHERE = (425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 447)


def refuse_calls() -> None:
    """Refuse the calls in this process and in all that it starts.

    On a machine whose call numbers are not known here, there is no filter, only the rest of the
    sandbox.

    Raises:
        OSError: When the kernel refuses the filter.
    """
    if platform.machine() not in _MACHINES:
        return
    steps = list(_program(*_MACHINES[platform.machine()]))
    program = ctypes.create_string_buffer(b"".join(steps))
    header = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"seccomp: {os.strerror(code)}")


def _program(machine: int, clone: int, refused: tuple[int, ...]) -> Iterator[bytes]:
    """Give the filter's steps; each test skips the answer that follows it when it does not hold."""
    refuse = _step(_RETURN, _FAIL | errno.EPERM)
    yield _step(_LOAD, _AT_MACHINE)
    yield _step(_IF_EQUAL, machine, skip_if_true=1)
    yield refuse
    yield _step(_LOAD, _AT_NUMBER)
    yield _step(_IF_AT_LEAST, _OTHER_NUMBERS, skip_if_false=1)
    yield refuse
    for number in (*refused, *_SAME_EVERYWHERE):
        yield _step(_IF_EQUAL, number, skip_if_false=1)
        yield refuse
    # The C library then uses `clone`, whose flags a filter can check.
    yield _step(_IF_EQUAL, _CLONE3, skip_if_false=1)
    yield _step(_RETURN, _FAIL | errno.ENOSYS)
    yield _step(_IF_EQUAL, clone, skip_if_true=1)
    yield _step(_RETURN, _ALLOW)
    yield _step(_LOAD, _AT_FIRST_ARGUMENT)
    yield _step(_IF_ANY_BIT, _NEW_USER_NAMESPACE, skip_if_false=1)
    yield refuse
    yield _step(_RETURN, _ALLOW)


def _step(what: int, value: int, skip_if_true: int = 0, skip_if_false: int = 0) -> bytes:
    return struct.pack("HBBI", what, skip_if_true, skip_if_false, value)
