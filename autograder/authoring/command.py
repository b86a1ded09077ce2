"""The command `question`: adds a question to a notebook of `solutions/`."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import Course, CourseError
from autograder.course.outcome import end, json_option

if TYPE_CHECKING:
    from autograder.authoring.questions import Notebook, Question

_SAFE = re.compile(r"[^\W_][\w.\-]*")


@click.command("question")
@click.argument("assignment")
@click.argument("notebook")
@click.argument("name")
@click.option(
    "--input", "input_shape", metavar="SHAPE", help="The input shape without the batch, as 28,28,1."
)
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="LINE",
    help="A layer as in Keras, such as \"Conv2D(32, 3, padding='same')\" (repeatable, in order).",
)
@click.option("--answer", metavar="VALUE", help="For a question about numbers: the right answer.")
@click.option("--text", default="", help="For a question about numbers: what is asked.")
@click.option("--title", default="", help="The heading.  [default: made from NAME]")
@click.option("--points", type=click.FloatRange(min=0, min_open=True), help="For each answer.")
@course_option
@json_option
@click.pass_context
def question_command(
    ctx: click.Context,
    /,
    assignment: str,
    notebook: str,
    root: Path | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Add a question to a notebook of ASSIGNMENT.

    NAME is the question's own. A notebook that does not exist is made. With --input and --layer it
    is a network to predict, build and compare. With --answer and --text it asks for a whole number,
    a list of them, or a list of pairs. Layers and answers are read, never run.
    """
    course = opened(ctx, root)
    path = _path(course, assignment, notebook)
    try:
        question = _question(**asked)
        source = _with(path, question)
    except (TypeError, ValueError) as problem:
        raise CourseError(str(problem)) from problem
    _write(path, source)
    graded = [cell["id"] for cell in question.cells if cell["id"].startswith("test_")]
    shown = path.relative_to(course.root) if path.is_relative_to(course.root) else path
    done = [f"{shown}:", f"  {len(question.cells)} cells; graded: {', '.join(graded)}"]
    end(ctx, done, [], as_json, {"file": str(shown), "graded": graded})


def _path(course: Course, assignment: str, notebook: str) -> Path:
    """Return the path of an assignment's notebook, which need not exist."""
    stem = notebook.removesuffix(".ipynb")
    for word in (assignment, stem):
        if not _SAFE.fullmatch(word):
            raise CourseError(f"{word!r} cannot be the name of an assignment or a notebook.")
    return course.source(assignment) / f"{stem}.ipynb"


def _question(
    name: str,
    input_shape: str | None,
    layers: tuple[str, ...],
    answer: str | None,
    text: str,
    title: str,
    points: float | None,
) -> Question:
    """Make the question that the options describe: about a network or about numbers."""
    from autograder.authoring.network_questions import network_question
    from autograder.authoring.questions import plain_question

    if layers and input_shape and answer is None and not text:
        shape = _sizes(input_shape)
        return network_question(name, layers, shape, title=title, points=points)
    if answer is not None and text and not layers and not input_shape:
        return plain_question(name, _value(answer), text, title=title, points=points)
    raise CourseError(
        "The options describe neither a network nor numbers.",
        "give --input and --layer, or --answer and --text",
    )


def _sizes(text: str) -> tuple[int, ...]:
    try:
        return tuple(map(int, text.strip("() ").strip(",").split(",")))
    except ValueError:
        raise CourseError(f"--input {text!r} is not a shape.", "write it like 28,28,1") from None


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        raise CourseError(
            f"--answer {text!r} is not a value.", "write it like '[14, 7, 4]'"
        ) from None


def _with(path: Path, question: Question) -> Notebook:
    """Return the notebook at `path`, or a new one, with the question in it."""
    from autograder.authoring.questions import names_of, new_notebook, with_question

    wanted = {cell["id"] for cell in question.cells}
    for other in sorted(path.parent.glob("*.ipynb")):
        if other != path and (taken := sorted(wanted & names_of(_read(other)))):
            raise CourseError(
                f"{other.name} already has {', '.join(taken)}.", "choose another name"
            )
    heading = re.sub(r"^\d+_", "", path.stem).replace("_", " ").capitalize()
    return with_question(_read(path) if path.exists() else new_notebook(heading), question)


def _read(path: Path) -> Notebook:
    import nbformat

    try:
        notebook: Notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat's
    except (OSError, ValueError) as problem:
        raise CourseError(f"{path} cannot be read as a notebook: {problem}") from problem
    return notebook


def _write(path: Path, notebook: Notebook) -> None:
    import nbformat

    from autograder.course.files import write_whole

    text = nbformat.writes(nbformat.from_dict(notebook))  # type: ignore[no-untyped-call]  # nbformat's
    try:
        write_whole(path, f"{text}\n".encode(), mode=0o644)
    except OSError as problem:
        raise CourseError(f"{path} cannot be written: {problem.strerror}") from problem
