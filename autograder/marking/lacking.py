"""What marking lacks and stock nbgrader has: a package, or what the sandbox does not give.

The latter is recognised by the words of an error.
"""

from __future__ import annotations

import re
from functools import lru_cache

from autograder.records import MarkedNotebook

WAITS = "waits for the package "
"""In the reason of a mark that waits for a package: the words before its name."""
NO_NETWORK = "There is no network while marking"
_LACKING = {
    NO_NETWORK: re.compile(
        r"\[Errno -\d|\bgaierror\b|name resolution|NameResolutionError|Name or service not known"
        r"|Network is unreachable|\bURL fetch failure\b|\bHTTPS?ConnectionPool\("
        r"|\bnltk\.download\(|\bClientConnectorDNSError\b"
    ),
    "Other processes cannot be seen while marking": re.compile(r"\bNoSuchProcess\b|'/proc/"),
    "No process pool of joblib works while marking": re.compile(r"\bTerminatedWorkerError\b"),
    "The user has no name while marking": re.compile(r"\bgetpwuid\(\)|\bgetgrgid\(\)"),
}


@lru_cache(maxsize=1_024)
def lacking(text: str) -> str:
    """Return what an error says is missing while marking, or "" where it says no such thing.

    It is cached, since many students give the same answer.

    >>> lacking("URLError: <urlopen error [Errno -3] Temporary failure in name resolution>")
    'There is no network while marking'
    >>> lacking("KeyError: 'sizes'")
    ''
    """
    return next((words for words, pattern in _LACKING.items() if pattern.search(text)), "")


def waits_for(marked: MarkedNotebook) -> dict[str, str]:
    """Return the cells that wait for a package, with the package's name."""
    found = {cell: why.partition(WAITS)[2] for cell, why in marked.unmarked.items()}
    return {cell: rest.partition(",")[0] for cell, rest in found.items() if rest}
