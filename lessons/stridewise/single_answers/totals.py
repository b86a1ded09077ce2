"""Explaining a wrong total of parameters, given the rows that were to be added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stridewise.misconceptions.chain import chain_of
from stridewise.naming import Explanation
from stridewise.network import Network

from .ideas import SmallIdea, behind


def behind_total(network: Network, total: int, counts: Sequence[int] = ()) -> Explanation | None:
    """Return an explanation of a total; `counts` are the learner's own rows, where she has all.

    >>> from stridewise import lesson_network
    >>> print(behind_total(lesson_network("valid"), 2_002_698 - 9_248).idea)
    Your answer may come from this idea: Row 2 or 3 (Conv2D) is left out of the total.
    """
    own = [counts] if len(counts) == len(network.rows) else []
    for rows in (*own, network.parameters):
        ideas = list(_ideas(network, rows))
        found = behind(
            ideas, [None], [total], lambda _: network.total_parameters, lambda _: _added(network)
        )
        if found is not None:
            return found
    return None


def _added(network: Network) -> str:
    """Return the right sum worked in one line."""
    rows = " + ".join(f"{count:,}" for count in network.parameters if count)
    return f"{rows} = {network.total_parameters:,}"


def _ideas(network: Network, counts: Sequence[int]) -> Iterator[SmallIdea[None]]:
    """Yield what may go wrong when these rows are added."""
    total = sum(counts)
    if total != network.total_parameters:
        yield _idea(
            "adds_own_rows",
            "It is the sum of your own rows.",
            "A row among them is not right.",
            "Which of your rows differs from what Keras says?",
            total,
        )
    yield from _slips_with_a_row(network, counts)
    if biases := _biases(network):
        yield _idea(
            "total_without_biases",
            "The biases are left out of the total.",
            "Biases are learnt as well, so they are parameters.",
            "How many biases do the rows have together?",
            total - biases,
        )
    yield _idea(
        "total_with_optimizer",
        "What Adam keeps for training is counted as well.",
        "That belongs to the optimizer, and not to the model.",
        "What does model.count_params() say?",
        3 * total + 2,  # two numbers for each parameter, and two of its own
        evidence="T",
    )


def _slips_with_a_row(network: Network, counts: Sequence[int]) -> Iterator[SmallIdea[None]]:
    """Yield the totals without one of the rows, and with one of them twice."""
    total = sum(counts)
    for count in dict.fromkeys(filter(None, counts)):
        rows = _named(network, [row for row, each in enumerate(counts) if each == count])
        yield _idea(
            "row_left_out",
            f"{rows} is left out of the total.",
            "Every row that has parameters belongs to it.",
            "How many rows have parameters, and how many did you add?",
            total - count,
        )
        yield _idea(
            "row_counted_twice",
            f"{rows} is counted twice.",
            "Every row belongs to the total once.",
            "How many rows have parameters, and how many did you add?",
            total + count,
        )


def _idea(
    id_: str, name: str, leaves_out: str, question: str, value: int, *, evidence: str = "C"
) -> SmallIdea[None]:
    return SmallIdea(id_, name, leaves_out, question, evidence, answer=lambda _: value)


def _named(network: Network, rows: Sequence[int]) -> str:
    """Return the names of rows that have the same count.

    >>> from stridewise import lesson_network
    >>> _named(lesson_network("valid"), [1, 2])
    'Row 2 or 3 (Conv2D)'
    """
    types = " or ".join(dict.fromkeys(network.rows[row].type for row in rows))
    return f"Row {' or '.join(str(row + 1) for row in rows)} ({types})"


def _biases(network: Network) -> int:
    chain = chain_of(network)
    places = chain.places if chain else ()
    return sum(place.biases for place in places if place.kind in {"conv", "separable", "dense"})
