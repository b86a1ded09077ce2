"""A test in a fork of a process whose libraries had threads: some of its results are certain."""

from __future__ import annotations

import time
from typing import Any

from .channel import Channel
from .processes import Processes
from .watch import Watch

_IDLE_SECONDS = 0.4
LEFT_OUT = ("NameError", "NotImplementedError")
"""The errors of an answer that was not filled in."""


def certain_result(
    channel: Channel, pid: int, seconds: float, watch: Watch, processes: Processes
) -> list[Any]:
    """Wait for a test in a fork without the threads; return its result where that is certain.

    It is certain where the test has passed and gave no value (which may be partial credit), or
    stopped with an error that no thread can cause. A test that uses no processor time for a while
    is waiting for a thread that the fork does not have.

    Raises:
        TimeoutError: When it waits for a thread, or takes longer than `seconds`.
        Ended, Forged: When the fork has ended, or sent what is not ours.
    """
    used, since = -1.0, time.monotonic()

    def watch_time() -> None:
        nonlocal used, since
        watch()
        now = processes.processor_seconds(pid)
        if now > used:
            used, since = now, time.monotonic()
        elif time.monotonic() - since > _IDLE_SECONDS:
            raise TimeoutError

    result = list(channel.receive(watch_time, seconds)[1:])
    ended, error, _, text, _, stderr = result[:6]
    is_certain = ended == "passed" and not stderr and not text
    return result if is_certain or error in LEFT_OUT else []
