"""Whether a notebook asked for the network, which the sandbox does not have.

The kernel counts it for the namespace of a run, so no error message is needed: a notebook may catch
the error itself. Programs that the notebook starts are counted too.
"""

from __future__ import annotations

import contextlib
import os

COUNTERS = "net/snmp"  # below /proc/self
_REFUSED = (("Ip:", "OutNoRoutes"), ("Udp:", "NoPorts"))
"""There is no route to other machines. A name is looked up at port 53 of this machine, where
nothing listens: the sandbox has no list of name servers."""


def open_counters() -> int:
    """Return a descriptor of this namespace's counters; -1 where the kernel has none."""
    with contextlib.suppress(OSError):
        return os.open(f"/proc/self/{COUNTERS}", os.O_RDONLY)
    return -1


def read_asked(counters: int) -> bool:
    """Return whether the network was asked for, by a descriptor of the counters."""
    with contextlib.suppress(OSError):
        return asked_network(os.pread(counters, 65_536, 0).decode(errors="replace"))
    return False


def asked_network(counters: str) -> bool:
    r"""Return whether the network was asked for, by the text of the counters.

    Each protocol has a line of names and a line of numbers.

    >>> asked_network("Ip: InReceives OutNoRoutes\nIp: 4 2\n"), asked_network("")
    (True, False)
    """
    lines = [line.split() for line in counters.splitlines()]
    found = {
        (names[0], name): number
        for names, numbers in zip(lines[::2], lines[1::2], strict=False)
        for name, number in zip(names, numbers, strict=False)
    }
    return any(found.get(key, "0") != "0" for key in _REFUSED)
