"""Merging a new roster with the students in the gradebook: one person has one id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.gradebook.people import Person
from autograder.gradebook.people import alike_key as key


def merged(people: Iterable[Person], known: Sequence[Person]) -> tuple[list[Person], list[str]]:
    """Return the people with the ids that they already have, and a line for each such change.

    The same id in another spelling, or the same e-mail address, is the same student. So the roster
    of a second platform adds nobody twice.
    """
    ids = {key(person.id): person.id for person in known}
    mails = defaultdict(list)
    for person in known:
        if person.email:
            mails[key(person.email)].append(person.id)
    taken, said = [], []
    for person in people:
        by_mail = mails.get(key(person.email), [])
        there = ids.get(key(person.id)) or (by_mail[0] if len(by_mail) == 1 else "")
        if there and there != person.id:
            said.append(f"{person.id} is {there}, who is already in the gradebook")
        taken.append(replace(person, id=there or person.id))
    return taken, said
