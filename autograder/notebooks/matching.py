"""Matching a submitted notebook to the master, cell by cell.

Cells are matched by `grade_id`, then by cell id, then by their text. Where a student must not
change a cell, the master's text is used. Changes are reported in a short list of findings.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from autograder.notebooks.master import Template
from autograder.notebooks.notebook_file import Raw, read_cells
from autograder.notebooks.pictures import Pictures
from autograder.notebooks.released_cell import is_as_released
from autograder.records import Finding, Submission, SubmittedCell

_MOST_FINDINGS = 12


class Placed(NamedTuple):
    """A cell as it is marked, the master's cell that it matches, and the pictures in its text.

    `outputs` are those that were saved with it, unchecked.
    """

    cell: SubmittedCell
    master: int | None
    pictures: Pictures
    outputs: Any = None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A matched submission; `missing` holds the cells that are not in the file."""

    submission: Submission
    placed: tuple[Placed, ...]
    missing: frozenset[str]


def take_in(data: bytes, template: Template, student: str) -> TakenIn:
    """Match a submitted notebook to its master and restore cells that must not be changed.

    Raises:
        RefusedFileError: when the bytes are not a notebook that can be read.
    """
    cells, findings = read_cells(data)
    matched = _match(cells, template, findings)
    placed = [
        Placed(_restored(cell, m, template, findings), m, cell.pictures, cell.outputs)
        for cell, m in zip(cells, matched, strict=True)
    ]
    _note_order(matched, template, findings)
    missing = _add_missing(placed, template, findings)
    master = template.master
    kept = tuple(cell.cell for cell in placed)
    submission = Submission(student, master.assignment, master.notebook, kept, _shortened(findings))
    return TakenIn(submission, tuple(placed), missing)


def _match(cells: Sequence[Raw], template: Template, findings: list[Finding]) -> list[int | None]:
    """Return, for each submitted cell, the index of the matching master's cell, or None."""
    matched: list[int | None] = [None] * len(cells)
    masters = range(len(template.released))
    by_id = {c.grade_id: i for i, c in enumerate(template.master.cells) if c.grade_id}
    claims = Counter[int]()
    # Of copies the last one counts, as in nbgrader: its value remains at the end.
    for i in reversed(range(len(cells))):
        grade_id = cells[i].flags.get("grade_id")
        m = by_id.get(grade_id) if isinstance(grade_id, str) else None
        if m is not None:
            claims[m] += 1
            matched[i] = m if claims[m] == 1 else None
    for m, times in sorted(claims.items()):
        if times > 1:
            findings.append(
                _about(template, m, "copied", f"is there {times} times; the last one counts.")
            )
    _match_rest(
        matched, lambda i: cells[i].cell_id, lambda m: template.released[m].cell_id, masters
    )
    _match_rest(
        matched,
        lambda i: _text_key(cells[i].cell_type, cells[i].source),
        lambda m: _master_text(template, m),
        masters,
    )
    labelled = (m for m in matched if m is not None and template.master.cells[m].grade_id)
    found = "had lost its nbgrader metadata; it was recognised all the same."
    findings += [_about(template, m, "relabelled", found) for m in labelled if not claims[m]]
    return matched


def _match_rest(
    matched: list[int | None],
    key_of: Callable[[int], Hashable],
    master_key: Callable[[int], Hashable],
    masters: range,
) -> None:
    """Match the remaining cells with equal keys, in order; an empty key matches nothing."""
    free: dict[Hashable, deque[int]] = {}
    for i, m in enumerate(matched):
        if m is None and (key := key_of(i)):
            free.setdefault(key, deque()).append(i)
    if not free:
        return
    taken = set(matched)
    for m in masters:
        if m not in taken and (waiting := free.get(master_key(m))):
            matched[waiting.popleft()] = m


def _text_key(cell_type: str, source: str) -> Hashable:
    return (cell_type, _plain(source)) if source.strip() else None


def _master_text(template: Template, m: int) -> Hashable:
    """Return the text by which a given cell is recognised; "" for an answer cell."""
    master = template.master.cells[m]
    own = master.kind in ("test", "given")
    return _text_key(master.cell_type, template.released[m].source) if own else None


def _plain(source: str) -> str:
    """Return a text without what an editor may change by itself: spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in source.rstrip().splitlines())


def _alike(source: str, other: str) -> bool:
    return source == other or _plain(source) == _plain(other)


def _restored(
    cell: Raw, m: int | None, template: Template, findings: list[Finding]
) -> SubmittedCell:
    if m is None:
        return _own(cell)
    master, released = template.master.cells[m], template.released[m]
    locked = (
        master.kind == "test"
        or (master.kind == "given" and bool(master.grade_id))
        or released.nbgrader.get("task")
    )
    if not master.grade_id:  # given and not locked: nbgrader keeps the student's version too
        same = cell.cell_type == master.cell_type and _alike(cell.source, released.source)
        return _from_master(m, template) if same else replace(_own(cell), master=m)
    edited = bool(locked) and not _alike(cell.source, released.source)
    changes = list(_changes(cell, m, template, edited=edited))
    if changes and is_as_released(cell):
        findings += [_EARLIER] if _EARLIER not in findings else []
    else:
        findings += changes
    if cell.tagged and master.kind == "test":
        findings.append(_about(template, m, "tagged", "was given tags; they were removed."))
    if locked:
        return _from_master(m, template)
    return SubmittedCell(master.grade_id, master.cell_type, cell.source, trusted=False, master=m)


def _own(cell: Raw) -> SubmittedCell:
    """Return a cell of the student's own."""
    return SubmittedCell("", cell.cell_type, cell.source, trusted=False)


_EARLIER = Finding(
    "earlier", "The notebook is of an earlier release; the tests and points of this one were used."
)


def _changes(cell: Raw, m: int, template: Template, *, edited: bool) -> Iterator[Finding]:
    """Yield what differs from the master; a cell without labels is noted where it is matched."""
    flags, master = template.released[m].nbgrader, template.master.cells[m]
    if edited:
        words = "was changed, though it is locked; it was restored."
        yield _about(template, m, "edited", words)
    if cell.cell_type != master.cell_type:
        words = f"was made {cell.cell_type}; it is {master.cell_type} again."
        yield _about(template, m, "retyped", words)
    watched = ("grade", "solution", "locked", "task", "points")
    labelled = cell.flags.get("grade_id") == flags.get("grade_id")
    if labelled and any(bool(cell.flags.get(k)) != bool(flags.get(k)) for k in watched[:4]):
        yield _about(template, m, "relabelled", "had its label changed; the label was restored.")
    elif labelled and cell.flags.get("points") != flags.get("points"):
        yield _about(template, m, "points", "had its points changed; they were restored.")


def _note_order(matched: Sequence[int | None], template: Template, findings: list[Finding]) -> None:
    labelled = [m for m in matched if m is not None and template.master.cells[m].grade_id]
    if labelled != sorted(labelled):
        findings.append(
            Finding("reordered", "The cells are not in the order in which they were given.")
        )


def _add_missing(
    placed: list[Placed], template: Template, findings: list[Finding]
) -> frozenset[str]:
    """Add the master's missing cells: given cells in their place, graded ones at the end.

    A missing answer cell is not added: its placeholder would replace an answer given elsewhere.
    """
    present = {cell.master for cell in placed}
    gone = [(m, c) for m, c in enumerate(template.master.cells) if c.grade_id and m not in present]
    for m, master in gone:
        findings.append(_about(template, m, "missing", _WITHOUT[master.kind]))
        added = Placed(_from_master(m, template), m, {})
        if master.kind in ("test", "manual"):
            placed.append(added)
        elif master.kind == "given":
            above = [i for i, c in enumerate(placed) if c.master is not None and c.master < m]
            placed.insert(above[-1] + 1 if above else 0, added)
    return frozenset(c.grade_id for _, c in gone)


_WITHOUT = {
    "test": "was missing; it was added again and the answer marked.",
    "manual": "was missing; it was added again without an answer.",
    "solution": "is missing; an answer elsewhere in the notebook counts.",
    "given": "was missing; it was added again.",
}


def _from_master(m: int, template: Template) -> SubmittedCell:
    master = template.master.cells[m]
    return SubmittedCell(
        master.grade_id, master.cell_type, template.released[m].source, trusted=True, master=m
    )


def _about(template: Template, m: int, code: str, message: str) -> Finding:
    grade_id = template.master.cells[m].grade_id
    return Finding(code, f"The cell {grade_id} {message}", grade_id)


def _shortened(findings: list[Finding]) -> tuple[Finding, ...]:
    if len(findings) <= _MOST_FINDINGS:
        return tuple(findings)
    more = len(findings) - _MOST_FINDINGS
    return (*findings[:_MOST_FINDINGS], Finding("more", f"{more} more changes."))
