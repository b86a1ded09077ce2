"""Ways to damage a notebook that leave no right answer in it, by mistake or on purpose."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

ODD_VALUES: list[Any] = [
    None,
    True,
    -1,
    0,
    10**30,
    1.5,
    "",
    "x",
    [],
    {},
    [[]],
    {"a": {}},
    "\ud800",
    "\0",
]
ODD_TYPES = ["code", "markdown", "raw", "heading", "", None, 3, ["code"]]
ODD_SOURCES = [
    "", "pass", "raise SystemExit", "del sizes", "sizes = sizes", "import os", "%%capture\npass",
    "\0", "total: int", "def half(n): return half(n)", "sizes = [", "assert True",
    "grade = lambda *a, **k: 3", "total = 10 ** 10 ** 9", ["a", 1], {"text": "x"}, None, 7,
    "class L(list):\n    def __eq__(self, other): return True\nsizes = L()",
    "\u017fizes = [1]", "print('3 of 3 points')",
]  # fmt: skip


def damaged(notebook: dict[str, Any], chance: random.Random) -> bytes:
    """Give a notebook's file after one to five changes."""
    changed = copy.deepcopy(notebook)
    for _ in range(chance.randint(1, 5)):
        chance.choice(_CHANGES)(changed, chance)
        changed = copy.deepcopy(changed)  # no change may reach the lists above, nor itself
    data = json.dumps(changed).encode()
    if chance.random() < 0.1:
        data = _damaged(data, chance)
    return data


def _cells(notebook: dict[str, Any]) -> list[Any]:
    cells = notebook.get("cells")
    return cells if isinstance(cells, list) else []


def _a_cell(notebook: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    cells = [c for c in _cells(notebook) if isinstance(c, dict)]
    return chance.choice(cells) if cells else {}


def _label(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    label = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return label if isinstance(label, dict) else {}


def _delete(notebook: dict[str, Any], chance: random.Random) -> None:
    cells = _cells(notebook)
    if cells:
        del cells[chance.randrange(len(cells))]


def _copy(notebook: dict[str, Any], chance: random.Random) -> None:
    cells = _cells(notebook)
    cells.insert(chance.randint(0, len(cells)), copy.deepcopy(_a_cell(notebook, chance)))


def _shuffle(notebook: dict[str, Any], chance: random.Random) -> None:
    chance.shuffle(_cells(notebook))


def _add(notebook: dict[str, Any], chance: random.Random) -> None:
    cells = _cells(notebook)
    new = {
        "cell_type": chance.choice(ODD_TYPES),
        "metadata": {},
        "source": chance.choice(ODD_SOURCES),
    }
    cells.insert(chance.randint(0, len(cells)), chance.choice([new, *ODD_VALUES]))


def _retype(notebook: dict[str, Any], chance: random.Random) -> None:
    _a_cell(notebook, chance)["cell_type"] = chance.choice(ODD_TYPES)


def _rewrite(notebook: dict[str, Any], chance: random.Random) -> None:
    _a_cell(notebook, chance)["source"] = chance.choice(ODD_SOURCES)


def _relabel(notebook: dict[str, Any], chance: random.Random) -> None:
    label = _label(_a_cell(notebook, chance))
    if label:
        named = _label(_a_cell(notebook, chance)).get("grade_id")
        key = chance.choice(
            ["grade_id", "grade", "solution", "locked", "task", "points", "schema_version"]
        )
        label[key] = chance.choice([*ODD_VALUES, named])


def _strip(notebook: dict[str, Any], chance: random.Random) -> None:
    _a_cell(notebook, chance)["metadata"] = chance.choice(
        [{}, {"tags": ["skip-execution"]}, *ODD_VALUES]
    )


def _renumber(notebook: dict[str, Any], chance: random.Random) -> None:
    _a_cell(notebook, chance)["id"] = chance.choice(
        [_a_cell(notebook, chance).get("id"), *ODD_VALUES]
    )


def _drop_key(notebook: dict[str, Any], chance: random.Random) -> None:
    target = chance.choice([notebook, _a_cell(notebook, chance)])
    if target:
        del target[chance.choice(list(target))]


def _odd_value(notebook: dict[str, Any], chance: random.Random) -> None:
    target = chance.choice([notebook, _a_cell(notebook, chance)])
    key = chance.choice([*target, "worksheets", "extra"])
    target[key] = chance.choice(ODD_VALUES)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return chance.choice(
        [data[:at], data[:at] + bytes([chance.randrange(256)]) + data[at:], data * 2]
    )


_CHANGES = [
    _delete, _copy, _shuffle, _add, _retype, _rewrite, _relabel, _strip, _renumber, _drop_key,
    _odd_value,
]  # fmt: skip
