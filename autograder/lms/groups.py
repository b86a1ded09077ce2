"""The members of each student's group, from a table of ids and groups."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from autograder.gradebook.people import alike_key as key
from autograder.lms.columns import roles_of
from autograder.lms.identify import Directory
from autograder.lms.tables import TableError, read_table


def groups_of(table: Path | None, directory: Directory) -> dict[str, tuple[str, ...]]:
    """Return the members of each student's group; only where a table of groups is given."""
    if table is None:
        return {}
    header, rows = read_table(table)
    roles = roles_of(header, rows)
    if "group" not in roles:
        raise TableError(f"{table} has no column `group`; its columns are {', '.join(header)}")
    members: dict[str, list[str]] = defaultdict(list)
    accounts = [roles[r] for r in ("id", "login", "sis", "number", "org", "email") if r in roles]
    for row in rows:
        found = [directory.by_account.get(key(row[name])) for name in accounts if row[name]]
        student = next((ids for ids in found if ids and len(ids) == 1), None)
        if row[roles["group"]] and student:
            members[row[roles["group"]]].extend(student)
    return {id_: tuple(ids) for ids in members.values() for id_ in ids}
