"""The zip that students receive: the lessons, the package that they import, and a first notebook.

It works where only Jupyter is installed: `stridewise` is beside the notebooks, and
START_HERE.ipynb installs the other packages that are missing. Where no lesson imports `stridewise`
the zip holds the lessons and their files alone. It holds no solution, no hidden test and nothing of
the autograder.
"""

from __future__ import annotations

import json
import re
import zipfile
from importlib.metadata import requires
from io import BytesIO
from pathlib import Path

from packaging.requirements import Requirement

import stridewise
from autograder.course.course import Course, CourseError
from autograder.course.files import write_whole

START = """\
# Run this cell once: it installs what this computer lacks for the lessons.
import importlib.util
import subprocess
import sys

packages = {packages}
missing = [name for module, name in packages.items() if importlib.util.find_spec(module) is None]
if missing:
    print("Installing", ", ".join(missing), "(this takes some minutes)")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", *missing]
    done = subprocess.run(pip, capture_output=True, text=True)
    if done.returncode == 0:
        print("Done. Restart the kernel, then open the first lesson.")
    else:
        why = done.stderr.strip().splitlines() or ["pip gave no reason"]
        print("This could not be installed. pip says:", why[-1])
        print("The lessons do not run without it: their first cell stops with an error.")
        print("Is this computer online? Connect it and run this cell again; later the")
        print("lessons need no network. Or ask your instructor for the link that opens")
        print("the lessons in a browser, where nothing has to be installed.")
else:
    print("Everything is here. Open the first lesson.")
"""
MODULES = {"tensorflow-cpu": "tensorflow"}
"""The module of each distribution whose module has another name."""
START_HERE = "START_HERE.ipynb"
_IMPORTS_OURS = re.compile(rb"\b(?:from|import)\s+stridewise\b")
"""In the text of any file: a lesson that does not import it needs nothing beside itself."""
FRONT_ENDS = ("jupyterlab", "notebook")


def hand_out(course: Course, assignment: str, target: Path) -> list[str]:
    """Write an assignment's zip for students and return the names of its files.

    Raises:
        CourseError: when the assignment has no lessons yet.
    """
    folder = course.released(assignment)
    lessons = sorted(p for p in folder.rglob("*") if p.is_file() and not _hidden(p, folder))
    if not any(p.suffix == ".ipynb" for p in lessons):
        hint = f"run `autograder generate {assignment}` first"
        raise CourseError(f"{assignment} has no lessons yet.", hint)
    contents = {f"{assignment}/{p.relative_to(folder).as_posix()}": p.read_bytes() for p in lessons}
    if any(map(_IMPORTS_OURS.search, contents.values())):
        contents |= _package(assignment)
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    write_whole(target, data.getvalue(), 0o644)
    return list(contents)


def _package(assignment: str) -> dict[str, bytes]:
    """Return the package that lessons import, and the notebook that installs the others."""
    package = Path(stridewise.__file__).parent
    parts = sorted(p for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    found = {
        f"{assignment}/stridewise/{p.relative_to(package).as_posix()}": p.read_bytes()
        for p in parts
    }
    return found | {f"{assignment}/{START_HERE}": start_notebook()}


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def needed() -> dict[str, str]:
    """Return the requirements of the lessons besides Jupyter, by module.

    The versions are those of the installed package's own requirements.
    """
    found = {}
    for text in requires("stridewise") or []:
        requirement = Requirement(text)
        extra = {"extra": "lessons"}
        fits = requirement.marker is None or requirement.marker.evaluate(extra)
        if fits and requirement.name not in FRONT_ENDS:
            module = MODULES.get(requirement.name, requirement.name)
            found[module] = f"{requirement.name}{requirement.specifier}"
    return found


def start_notebook() -> bytes:
    """Return the notebook that a student opens first."""
    text = (
        "# Start here\n\nRun the cell below. It installs what is missing, for which this computer "
        "must be online, once. Then open the lesson whose name begins with 1."
    )
    code = START.format(packages=json.dumps(needed(), indent=4))
    cells = [
        {"cell_type": "markdown", "id": "start-text", "metadata": {}, "source": text},
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "start-code",
            "metadata": {},
            "outputs": [],
            "source": code,
        },
    ]
    spec = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = {"cells": cells, "metadata": spec, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1).encode()
