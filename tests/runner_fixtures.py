"""A runner for tests that do not wait for a limit: its fork servers start once for all files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autograder.running import Limits, Runner
from autograder.running.fork_server import ForkServers

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENT = Limits(cell_seconds=60, total_seconds=240, call_seconds=60)


@pytest.fixture(scope="session")
def fork_servers() -> Iterator[ForkServers]:
    """Fork servers with the limits `PATIENT`."""
    with ForkServers(limits=PATIENT) as made:
        yield made


@pytest.fixture(scope="session")
def runner(fork_servers: ForkServers) -> Runner:
    """A runner with the limits `PATIENT`."""
    return Runner(limits=PATIENT, clients=fork_servers.clients)
