"""Finding the student of the roster to whom a file's name belongs. Nothing is guessed.

A platform's number decides before a user name, and a user name before a name. Where the number and
the name shown belong to two different students, a person has to decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.gradebook.people import Person
from autograder.gradebook.people import alike_key as key
from autograder.lms.platforms import Claim

Index = Mapping[str, frozenset[str]]
NOBODY: frozenset[str] = frozenset()
_SEVERAL = re.compile(r"[;,\s]+")  # a student may have numbers on several platforms


def words(name: str) -> str:
    """Return a name's words in alphabetical order, so that "Okafor, Ada" equals "Ada Okafor".

    >>> words("Okafor, Ada") == words("ada  OKAFOR")
    True
    """
    return " ".join(sorted(re.findall(r"\w+", key(name))))


def squeezed(name: str) -> str:
    """Return a name as Canvas writes it in a file's name: lower case, letters and digits only.

    >>> squeezed("O'Neil, Ben")
    'oneilben'
    """
    return re.sub(r"\W|_", "", key(name))


def _index(pairs: Iterable[tuple[str, str]]) -> Index:
    found: dict[str, set[str]] = defaultdict(set)
    for name, student in pairs:
        if name:
            found[name].add(student)
    return {name: frozenset(students) for name, students in found.items()}


@dataclass(frozen=True, slots=True)
class Directory:
    """The roster, in which claims are looked up.

    `numbers` are further numbers of a platform, such as those of one assignment's worksheet.
    """

    people: tuple[Person, ...]
    numbers: Mapping[str, str] = field(default_factory=dict)
    by_account: Index = field(init=False, compare=False)
    by_number: Index = field(init=False, compare=False)
    by_words: Index = field(init=False, compare=False)
    by_squeezed: Index = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Build the indices."""
        people = self.people
        accounts = [(key(p.id), p.id) for p in people]
        accounts += [(key(p.email), p.id) for p in people]
        locals_ = [(key(p.email).partition("@")[0], p.id) for p in people]
        known = {name for name, _ in accounts}
        accounts += [(name, id_) for name, id_ in locals_ if name not in known]
        numbers = [(n, p.id) for p in people for n in _SEVERAL.split(p.lms_user_id)]
        names = [(words(f"{p.first_name} {p.last_name}"), p.id) for p in people]
        sortable = [(squeezed(f"{p.last_name}{p.first_name}"), p.id) for p in people]
        object.__setattr__(self, "by_account", _index(accounts))
        object.__setattr__(self, "by_number", _index(numbers))
        object.__setattr__(self, "by_words", _index(names))
        object.__setattr__(self, "by_squeezed", _index(sortable))

    def students(self, claim: Claim) -> frozenset[str]:
        """Return the ids of the students that fit a claim; with two, a person has to decide."""
        if claim.account:
            return self.by_account.get(key(claim.account), NOBODY)
        named = self._named(claim)
        if not claim.number:
            return named
        if numbered := self._numbered(claim):
            other = len(named) == 1 and named != numbered
            return numbered | named if other else numbered
        if (
            claim.platform == "canvas"
        ):  # Canvas's numbers never change: another number is another person
            without = {p.id for p in self.people if not p.lms_user_id}
            return named & without
        return named

    def namesakes(self, claims: Iterable[Claim]) -> frozenset[str]:
        """Return the students who share the name in a claim, where several do."""
        for claim in claims:
            found = self.by_words.get(words(claim.name)) or self.by_squeezed.get(
                squeezed(claim.name), NOBODY
            )
            if claim.name and len(found) > 1:
                return found
        return NOBODY

    def _numbered(self, claim: Claim) -> frozenset[str]:
        if claim.platform == "moodle" and claim.number in self.numbers:
            return frozenset({self.numbers[claim.number]})
        return self.by_number.get(claim.number, NOBODY)

    def _named(self, claim: Claim) -> frozenset[str]:
        """Return the student with the name shown; nobody where several have that name."""
        if not claim.name:
            return NOBODY
        if claim.platform == "canvas":
            found = self.by_squeezed.get(squeezed(claim.name), NOBODY)
        else:
            first, _, rest = claim.name.partition(" ")
            _, dash, last = claim.name.rpartition("-")  # Moodle: <group>-<name>
            found = (
                self.by_words.get(words(claim.name))
                or (self.by_account.get(key(first)) if rest else None)
                or self.by_account.get(key(claim.name))
                or (self.by_words.get(words(last)) if dash else None)
                or NOBODY
            )
        return found if len(found) == 1 else NOBODY
