"""The table of a comparison, as text and as HTML: your value, Keras's value, and the verdict.

The HTML uses the page's own colours, so that it is readable in light and dark themes.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stridewise.naming import Explanation, Working

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

AGREES, DIFFERS, OPEN = "✓ agrees", "✗ differs", "not answered yet"
FOLLOWS = "✓ follows from your rows"
_CELL = "text-align:left;padding:0.25em 0.5em"
_RULE = "Keras's rule, starting from your numbers"
_UNBROKEN = 25  # characters; a sentence in place of a verdict may run over several lines


@dataclass(frozen=True, slots=True)
class Compared:
    """One value: the prediction, Keras's value, and the verdict."""

    predicted: str
    actual: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One layer, with a `Compared` for each column that was predicted."""

    layer: str
    values: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The table that a lesson shows after a model is built: as HTML, and as plain text."""

    columns: tuple[str, ...]
    rows: tuple[ComparedRow, ...]
    notes: tuple[str, ...] = ()
    explanations: tuple[tuple[str, Explanation], ...] = ()  # each with its column
    by: str = "Keras"  # where the right values come from
    rule: str = _RULE  # the rule of the right working
    unit: str = "Layer"  # what a row is

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the columns."""
        triples = ((f"{name}: yours", f"{name}: {self.by}", "Verdict") for name in self.columns)
        return (self.unit, *(heading for triple in triples for heading in triple))

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The text of every cell, row by row."""
        return tuple(
            (row.layer, *(text for value in row.values for text in _texts(value)))
            for row in self.rows
        )

    @property
    def summary(self) -> tuple[str, ...]:
        """For each column that could be compared, how many rows agree; then the notes."""
        counts = []
        for index, name in enumerate(self.columns):
            verdicts = [row.values[index].verdict for row in self.rows]
            if {AGREES, DIFFERS, FOLLOWS} & set(verdicts):
                counts.append(_counted(name, verdicts))
        return (*(counts if self.rows else ()), *self.notes)

    def __repr__(self) -> str:
        table = [self.headings, *self.lines] if self.rows else []
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        texts = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in table]
        shown = _shown_ideas(self.explanations)
        ideas = [line for idea in shown for line in _idea_lines(idea, self.rows, self.rule)]
        return "\n".join([*texts, *self.summary, *ideas])

    def _repr_html_(self) -> str:
        """Return the table as HTML with the page's own colours."""
        summary = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.summary)
        if not self.rows:
            return summary
        ideas = "".join(_idea_html(idea, self) for idea in _shown_ideas(self.explanations))
        return f"{_table_html(self.headings, self.lines, _UNBROKEN)}{summary}{ideas}"


def _texts(value: Compared) -> tuple[str, str, str]:
    return value.predicted, value.actual, value.verdict


def _counted(name: str, verdicts: list[str]) -> str:
    """Return how many rows of a column agree, and how many follow from the learner's own rows.

    >>> _counted("Shape", [AGREES, DIFFERS, FOLLOWS])
    'Shape: 1 of 3 agree, and 1 more follows from your own rows.'
    """
    follow = verdicts.count(FOLLOWS)
    more = f", and {follow} more follow{'s' if follow == 1 else ''} from your own rows"
    return f"{name}: {verdicts.count(AGREES)} of {len(verdicts)} agree{more if follow else ''}."


def _table_html(
    headings: tuple[str, ...], lines: Iterable[tuple[str, ...]], unbroken: int = 0
) -> str:
    """Return a table; a cell shorter than `unbroken` stays on one line, line breaks are kept."""
    cells = (f'<th scope="col" style="{_CELL}">{html.escape(text)}</th>' for text in headings)
    body = "".join(f"<tr>{_html_line(line, unbroken)}</tr>" for line in lines)
    return f"<table><thead><tr>{''.join(cells)}</tr></thead><tbody>{body}</tbody></table>"


def _html_line(line: tuple[str, ...], unbroken: int) -> str:
    """Return one row; its header is the layer."""
    styles = (_CELL + (";white-space:nowrap" if len(text) < unbroken else "") for text in line)
    texts = (html.escape(text).replace("\n", "<br>") for text in line)
    first, *others = zip(styles, texts, strict=True)
    cells = "".join(f'<td style="{style}">{text}</td>' for style, text in others)
    return f'<th scope="row" style="{first[0]}">{first[1]}</th>{cells}'


@dataclass(frozen=True, slots=True)
class _Shown:
    """One idea as it is shown: once, with the rows of every column that follows it."""

    heading: str
    thought: str
    tables: tuple[tuple[str, tuple[Working, ...]], ...]  # each with its column


def _shown_ideas(explanations: tuple[tuple[str, Explanation], ...]) -> Iterator[_Shown]:
    """Yield the ideas; one that two columns share is shown once."""
    shared: dict[tuple[str, ...], list[tuple[str, Explanation]]] = {}
    for column, found in explanations:
        names = tuple(idea.name or idea.heading for idea in found.ideas)
        shared.setdefault(names, []).append((column, found))
    for alike in shared.values():
        columns = " and ".join(column for column, _ in alike).capitalize()
        for place, idea in enumerate(alike[0][1].ideas):
            tables = ((column, found.ideas[place].workings) for column, found in alike)
            thought = f"{idea.leaves_out} {idea.question}".strip()
            yield _Shown(f"{columns}. {idea.heading}", thought, tuple(tables))


def _idea_lines(shown: _Shown, rows: tuple[ComparedRow, ...], rule: str) -> Iterator[str]:
    """Yield an idea as text: its name, the two workings row by row, and the question."""
    yield f"\n{shown.heading}"
    for column, workings in shown.tables:
        for each in workings:
            own, layer = each.own.replace("\n", " "), rows[each.row].layer
            mine = f" {own}." if own else ""
            yield f"  {layer}, {column.lower()}:{mine} {rule}: {each.right}"
    if shown.thought:
        yield shown.thought


def _idea_html(shown: _Shown, table: Comparison) -> str:
    """Return an idea with a small table for each column: her rule and the right one."""
    tables = "".join(
        _workings_html(column, workings, table) for column, workings in shown.tables if workings
    )
    heading = f"<p><strong>{html.escape(shown.heading)}</strong></p>"
    thought = f"<p>{html.escape(shown.thought)}</p>" if shown.thought else ""
    return f"{heading}{tables}{thought}"


def _workings_html(column: str, workings: tuple[Working, ...], table: Comparison) -> str:
    """Return a table of workings; where the ideas have no line for them, only the right ones."""
    own = any(each.own for each in workings)
    headings = (table.unit, *([f"{column}: this idea"] if own else []), f"{column}: {table.rule}")
    lines = [
        (table.rows[each.row].layer, *([each.own] if own else []), each.right) for each in workings
    ]
    return _table_html(headings, lines)
