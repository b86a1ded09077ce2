"""Folders in submitted/ whose names are not a student's id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.gradebook.people import alike_key, gradebook_people, removed_people


@dataclass(frozen=True, slots=True)
class Strangers:
    """Folders whose names are not on the roster: `added` to it, or `refused` with the reason."""

    added: tuple[str, ...]
    refused: dict[str, str]


def not_on_roster(db_url: str, students: Iterable[str]) -> Strangers:
    """Sort the folders whose names are not a student's id.

    The folder of a removed student, and a name that differs from a student's id only in spelling,
    add nobody: a person has to decide.
    """
    known = {person.id for person in gradebook_people(db_url)}
    alike = {alike_key(id_): id_ for id_ in known}
    removed = removed_people(db_url)
    new = [student for student in students if student not in known]
    refused = {}
    for student in new:
        if student in removed:
            refused[student] = (
                "was removed from the course; delete the folder, or add her again with "
                "`autograder roster`"
            )
        elif other := alike.get(alike_key(student)):
            refused[student] = f"looks like {other!r}, who is on the roster; rename the folder"
    added = tuple(student for student in new if student not in refused)
    return Strangers(added if known else (), refused)
