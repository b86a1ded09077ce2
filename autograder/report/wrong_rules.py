"""The wrong rules that a class's answers follow: how many, who, and what to reread.

`stridewise.diagnosis` names the rules that explain a student's whole answer about one network.
Where several explain it equally well, the one that explains more of the same student's other
networks is chosen: one wrong rule is likelier than two. Where several still fit, they are shown
together, as in the lessons; more than three are not named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.feedback.asked import Asked
from autograder.gradebook.class_marks import Key
from stridewise.diagnosis import diagnose
from stridewise.explanations import few_enough, told_apart
from stridewise.misconceptions import Prediction
from stridewise.network import Network

Ideas = tuple[str, ...]  # the ids of the rules that together explain an answer


@dataclass(frozen=True, slots=True)
class Explained:
    """One student's answers about one network: what explains them, and the questions they answer.

    More than one explanation means that the answers fit each of them.
    """

    student: str
    questions: tuple[Key, ...]
    ideas: tuple[Ideas, ...]


@dataclass(frozen=True, slots=True)
class About:
    """The questions about one network, by the column (shapes, parameters) that they ask for."""

    shapes: tuple[Key, Asked] | None = None
    parameters: tuple[Key, Asked] | None = None

    @property
    def asked(self) -> list[tuple[Key, Asked]]:
        """The questions that exist."""
        return [each for each in (self.shapes, self.parameters) if each]


def by_network(asked: Mapping[Key, Asked]) -> list[About]:
    """Group the questions about the same network: their tests name it by the same expression."""
    found: dict[tuple[str, str], dict[str, tuple[Key, Asked]]] = defaultdict(dict)
    for key, each in asked.items():
        if each.column:
            found[each.given, each.expression].setdefault(each.column, (key, each))
    return [About(part.get("output_shape"), part.get("parameters")) for part in found.values()]


class Diagnostician:
    """Diagnoses answers and remembers the results: many students give the same wrong answer."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Ideas, ...]] = {}

    def explain(self, student: str, about: About, answers: Mapping[str, Any]) -> Explained | None:
        """Return what explains a student's answers about one network, or None."""
        given = {each.column: answers.get(each.answer) for _, each in about.asked}
        if not any(given.values()):
            return None
        one = about.asked[0][1]
        network = one.expected(student)
        if not isinstance(network, Network):
            return None
        whose = student if one.individual else ""
        key = (one.given, one.expression, whose, repr(given))
        if key not in self._known:
            self._known[key] = ideas_of(given, network)
        ideas = self._known[key]
        keys = tuple(key for key, _ in about.asked)
        return Explained(student, keys, ideas) if ideas else None


def ideas_of(given: Mapping[Any, Any], network: Network) -> tuple[Ideas, ...]:
    """Return the simplest explanations of an answer that can be told apart."""
    prediction = Prediction.read(
        shapes=given.get("output_shape") or ..., parameters=given.get("parameters") or ...
    )
    return tuple(dict.fromkeys(each.ids for each in told_apart(diagnose(prediction, network))))


def settled(explained: Iterable[Explained]) -> list[Explained]:
    """Return one student's explanations, each reduced to those that explain most other answers.

    An answer is left out where too many ideas still fit it, as no lesson would name one of them.
    """
    everything = list(explained)
    weight = Counter(ideas for each in everything for ideas in each.ideas)
    narrowed = []
    for each in everything:
        most = max(weight[ideas] for ideas in each.ideas)
        likely = tuple(ideas for ideas in each.ideas if weight[ideas] == most)
        if few_enough(likely):
            narrowed.append(Explained(each.student, each.questions, likely))
    return narrowed


@dataclass(frozen=True, slots=True)
class Followed:
    """A wrong rule (or several that fit equally well), who follows it, and where."""

    rules: tuple[str, ...]
    students: tuple[str, ...]
    questions: tuple[Key, ...]


def ranked(explained: Iterable[Explained]) -> list[Followed]:
    """Return the rules that a class follows, those of the most students first."""
    students: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    questions: dict[tuple[str, ...], Counter[Key]] = defaultdict(Counter)
    for each in explained:
        for rules in groups(each.ideas):
            students[rules][each.student] = None
            questions[rules].update(each.questions)
    found = [
        Followed(rules, tuple(sorted(who)), tuple(key for key, _ in questions[rules].most_common()))
        for rules, who in students.items()
    ]
    return sorted(found, key=lambda each: (-len(each.students), each.rules))


def groups(ideas: tuple[Ideas, ...]) -> list[tuple[str, ...]]:
    """Return the rules to count: each rule of a single explanation, or all rules of several as one.

    >>> groups((("no_biases", "minus_one"),)), groups((("no_biases",), ("minus_one",)))
    ([('no_biases',), ('minus_one',)], [('minus_one', 'no_biases')])
    """
    if len(ideas) == 1:
        return [(rule,) for rule in ideas[0]]
    return [tuple(sorted({rule for each in ideas for rule in each}))]
