"""Making a question about plain numbers with one call, and adding questions to a notebook.

These are pure functions that return notebook cells.
"""

from __future__ import annotations

import copy
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.authoring.question_cells import (
    Cell,
    code,
    graded_test,
    in_words,
    solution,
    text_cell,
)
from stridewise.answer_form import Form
from stridewise.predictions import FormError, int_list, pair_list, whole_number

Notebook = dict[str, Any]
_PLAIN_FORMS: dict[Form, Any] = {"number": whole_number, "sizes": int_list, "pairs": pair_list}
_SHOWN: dict[Form, str] = {
    "number": "Write a whole number.",
    "sizes": "Write {numbers}, in a list in square brackets.",
    "pairs": "Write {pairs}, each in round brackets, in a list in square brackets.",
}


@dataclass(frozen=True, slots=True)
class Question:
    """The cells of one question, and the layers that its notebook must import.

    Attributes:
        name: the beginning of its cells' names.
        title: its heading.
        cells: the cells, in order.
        layers: the Keras classes that its cells use.
    """

    name: str
    title: str
    cells: tuple[Cell, ...]
    layers: frozenset[str] = frozenset()


def plain_question(
    name: str, answer: object, text: str, *, title: str = "", points: float | None = None
) -> Question:
    """Return a question whose answer is a whole number, or a list of numbers or of pairs.

    Args:
        name: the name of the answer.
        answer: the right answer; students have to give the same form.
        text: the question, in Markdown.
        title: the heading; made from the name where it is empty.
        points: by default one for each row.

    Raises:
        ValueError: when the name cannot be used, or the answer has none of these forms.

    >>> reach = plain_question("reach", [3, 7], "How far does each of the two layers see?")
    >>> print(reach.cells[1]["source"].splitlines()[0])
    reach = ...
    """
    check_name(name)
    form, right = _form_of(answer)
    length = len(right) if isinstance(right, list) else None
    rows = length or 1
    worth = float(rows if points is None else points)
    numbers, pairs = in_words(rows, "whole number"), in_words(rows, "pair")
    shown = _SHOWN[form].format(numbers=numbers, pairs=pairs)
    heading = title or titled(name)
    hidden = f"from autograder import grade\n\ngrade({name}, {right}, points={worth:g})"
    cells = (
        text_cell(f"{name}_md", f"## {heading}\n\n{text.strip()}\n\n{shown}"),
        solution(name, f"{name} = {right}"),
        graded_test(name, form, length, hidden, worth),
    )
    return Question(name, heading, cells)


def new_notebook(title: str) -> Notebook:
    """Return a notebook with a title, a table of contents and imports, without questions.

    >>> [cell["id"] for cell in new_notebook("Pooling")["cells"]]
    ['title', 'imports_md', 'imports']
    """
    imports = "import stridewise\n\nimport keras\n\nfrom stridewise import check_form, compare"
    cells = [
        text_cell("title", f"# {title}\n\n- [Imports](#Imports)"),
        text_cell("imports_md", "## Imports"),
        code("imports", imports, locked=True),
    ]
    spec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": spec, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def with_question(notebook: Mapping[str, Any], question: Question) -> Notebook:
    """Return the notebook with a question added: at its end, in its contents, in its imports.

    Raises:
        ValueError: when a name of the question is already in the notebook.
    """
    if taken := sorted(names_of(notebook) & {cell["id"] for cell in question.cells}):
        raise ValueError(f"the notebook already has {', '.join(taken)}; choose another name")
    added = copy.deepcopy(dict(notebook))
    for cell in added["cells"]:
        if cell["id"] == "imports" and question.layers:
            cell["source"] = _importing(cell["source"], question.layers)
        if cell["id"] == "title" and cell["source"].splitlines()[-1].startswith("- ["):
            anchor = question.title.replace(" ", "-")
            cell["source"] += f"\n- [{question.title}](#{anchor})"
    added["cells"] += copy.deepcopy(list(question.cells))
    return added


def names_of(notebook: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of a notebook's cells: cell ids and nbgrader ids."""
    labels = (cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"])
    ids = (cell.get("id") for cell in notebook["cells"])
    return frozenset(filter(None, [*labels, *ids]))


def check_name(name: str) -> None:
    """Refuse what cannot be the name of an answer.

    Raises:
        ValueError: when it is no name of Python's, or begins with an underscore.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        raise ValueError(f"{name!r} cannot be the name of an answer; use letters, digits and _")


def _form_of(answer: object) -> tuple[Form, Any]:
    """Return the form of an answer, and the answer in that form."""
    for form, read in _PLAIN_FORMS.items():
        try:
            right = read(answer)
        except FormError:
            continue
        if right != []:
            return form, right
    raise ValueError(f"{answer!r} is not a whole number, or a list of whole numbers or of pairs")


def titled(name: str) -> str:
    """Return the heading of a question that was given none."""
    return name.replace("_", " ").capitalize()


def _importing(source: str, layers: frozenset[str]) -> str:
    """Return the imports with these Keras classes added."""
    line = re.compile(r"^from keras\.layers import (\w+(?:, \w+)*)$", re.MULTILINE)
    found = line.search(source)
    known = set(found[1].split(", ")) if found else set()
    new = f"from keras.layers import {', '.join(sorted(known | layers))}"
    if found:
        return line.sub(new, source, count=1)
    return re.sub(r"^import keras$", f"import keras\n{new}", source, count=1, flags=re.MULTILINE)
