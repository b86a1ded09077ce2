"""How every command ends: with what it did, and one line for each thing left for a person to do.

The exit status is 0 only when nothing is left. `--json` gives the same for scripts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import click

MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Left:
    """One thing left for a person: its kind, what it is about, why, and what to do."""

    kind: str
    what: str
    why: str
    do: str = ""

    @property
    def line(self) -> str:
        """One line that says all four."""
        return f"{self.what}: {self.why}" + (f" → {self.do}" if self.do else "")


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option `--json` to a command."""
    option = click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
    return option(command)


def counted(things: float, one: str, many: str = "") -> str:
    """Return a number of things as text.

    >>> counted(1, "question"), counted(2, "question")
    ('1 question', '2 questions')
    """
    return f"{things:.12g} {one if things == 1 else many or one + 's'}"


def printable(text: str) -> str:
    """Return a text with control characters escaped, so that a terminal does not obey them."""
    return text if text.isprintable() else ascii(text)[1:-1]


def show(title: str, lines: Iterable[str]) -> None:
    """Print a list under its title, cut where it is long; print nothing where it is empty."""
    found = [printable(line) for line in lines]
    if not found:
        return
    click.echo(f"{title} ({len(found)}):")
    for line in found[:MOST_LINES]:
        click.echo(f"  {line}")
    if len(found) > MOST_LINES:
        click.echo(f"  and {len(found) - MOST_LINES} more (--json lists all)")


def end(
    ctx: click.Context,
    done: Iterable[str],
    left: Iterable[Left],
    as_json: bool = False,
    facts: dict[str, Any] | None = None,
) -> None:
    """Print what was done and what is left; exit with status 0, or 1 where something is left.

    Args:
        ctx: click's context of the command.
        done: lines that say what was done.
        left: what a person has to do.
        as_json: print one JSON object in place of lines.
        facts: more entries for `--json`.
    """
    things = list(left)
    status = 1 if things else 0
    if as_json:
        said = {"done": list(done), "left": [asdict(t) for t in things], "status": status}
        click.echo(json.dumps(said | (facts or {}), ensure_ascii=False, indent=1))
        ctx.exit(status)
    for line in done:
        click.echo(printable(line))
    for kind, of_kind in groupby(sorted(things, key=lambda t: t.kind), key=lambda t: t.kind):
        show(kind, [t.line for t in of_kind])
    ctx.exit(status)
