"""How every command ends: what it did, and one line for each thing that is left to a person.

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
        """The thing as one line."""
        return f"{self.what}: {self.why}" + (f" → {self.do}" if self.do else "")


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take `--json`."""
    option = click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
    return option(command)


def printable(text: str) -> str:
    """Return a text for a message, with what a terminal would obey written out."""
    return text if text.isprintable() else ascii(text)[1:-1]


def show(title: str, lines: Iterable[str]) -> None:
    """Print a list under its title, shortened where it is long, or nothing where it is empty."""
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
    """Print what was done and what is left, and end with status 0, or 1 where something is left.

    Args:
        ctx: click's context of the command.
        done: lines that say what was done.
        left: what a person must look at.
        as_json: print one JSON object in place of lines.
        facts: what `--json` gives beside that.
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
