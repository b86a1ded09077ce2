"""A notebook of which a person marks a plot, an essay and a task, and the machine one test."""

from __future__ import annotations

import json
from typing import Any

from course_builder import given, graded, notebook

from autograder.notebooks.master import SourceCell, Template, template

SCHEME = "### BEGIN MARK SCHEME\nTwo points for a reason.\n### END MARK SCHEME"
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3], [1, 4, 9])\nplt.title('Squares')"


def source() -> dict[str, Any]:
    """Return the instructor's notebook."""
    stub = f"### BEGIN SOLUTION\n{PLOT}\n### END SOLUTION"
    return notebook(
        [
            given("# Squares", "markdown"),
            given("points = 3"),
            graded(
                given("### BEGIN SOLUTION\ntotal = 14\n### END SOLUTION"), "total", solution=True
            ),
            graded(given("assert total == 14"), "test", 1, grade=True, locked=True),
            graded(given(stub), "plot", 3, grade=True, solution=True),
            graded(given("Say why.", "markdown"), "why", 2, grade=True, solution=True),
            graded(given(f"Write it.\n{SCHEME}", "markdown"), "task", 2, task=True, locked=True),
        ]
    )


def released() -> dict[str, Any]:
    """Return the notebook as nbgrader releases it, as far as marking looks at it."""
    made = source()
    for cell in made["cells"]:
        if cell["source"].startswith("### BEGIN SOLUTION"):
            cell["source"] = "# YOUR CODE HERE\nraise NotImplementedError()"
        cell["source"] = cell["source"].replace(f"\n{SCHEME}", "")
    return made


def master() -> Template:
    """Return it as the engine sees it."""
    labelled = {
        c["metadata"]["nbgrader"]["grade_id"]: c for c in source()["cells"] if c["metadata"]
    }
    sources = {
        name: SourceCell(cell["source"], cell["metadata"]["nbgrader"].get("points", 0))
        for name, cell in labelled.items()
    }
    return template("ps", "squares", json.dumps(released()).encode(), sources)
