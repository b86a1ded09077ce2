"""The commands `student`, `remove` and `rename`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import click

from autograder.course.command_options import course_option, opened
from autograder.course.course import Course, CourseError, check_assignment
from autograder.course.outcome import end, json_option
from autograder.lms.command_errors import plain_errors
from autograder.lms.student_commands import the_student

UNCHANGED = "Nothing was changed. To do it, repeat the command with --yes."


@click.command("student")
@click.argument("student")
@course_option
@json_option
@click.pass_context
def student_command(ctx: click.Context, student: str, root: Path | None, as_json: bool) -> None:
    """Show everything about STUDENT.

    STUDENT is an id, an e-mail address or a name.
    """
    course = opened(ctx, root)
    with plain_errors():
        from autograder.gradebook.people import gradebook_people
        from autograder.lms.about_student import about, marks_in_each, who

        id_ = the_student(course, student)
        person = next(p for p in gradebook_people(course.db_url) if p.id == id_)
        students_marks = list(marks_in_each(course, id_, assignments_of(course)))
        lines = who(person)
        for own in students_marks:
            lines += [
                f"{own.class_marks.assignment}:",
                *(f"  {line}" for line in about(course, own)),
            ]
    facts = {
        "student": asdict(person),
        "assignments": {own.class_marks.assignment: own.facts for own in students_marks},
    }
    left = [
        replace(thing, what=f"{own.class_marks.assignment}: {thing.what}")
        for own in students_marks
        for thing in own.left
    ]
    end(ctx, lines, left, as_json, facts)


def assignments_of(course: Course) -> list[str]:
    """Return the names of the course's assignments."""
    folder = course.source("x").parent
    return sorted({p.parent.name for p in folder.glob("*/*.ipynb")}) if folder.is_dir() else []


@click.command("remove")
@click.option("--student", help="The student to remove, with her marks.")
@click.option("--assignment", help="The assignment to remove, with everybody's marks.")
@click.option("--yes", is_flag=True, help="Do it.  [default: only say what would be done]")
@course_option
@json_option
@click.pass_context
def remove_command(
    ctx: click.Context,
    student: str | None,
    assignment: str | None,
    yes: bool,
    root: Path | None,
    as_json: bool,
) -> None:
    """Remove a student or an assignment from the course.

    Marks are removed from the gradebook. Files are moved to removed/; none is deleted. Without
    --yes, it only says what would be done.
    """
    if bool(student) == bool(assignment):
        raise click.UsageError("give --student ID or --assignment NAME")
    course = opened(ctx, root)
    with plain_errors():
        from autograder.gradebook import removal

        change: Callable[[str, str], None]
        if student:
            name = the_student(course, student)
            folders = folders_of_student(course, name)
            change = removal.remove_student
        else:
            check_assignment(course, assignment or "")
            name = assignment or ""
            folders = folders_of_assignment(course, name)
            change = removal.remove_assignment
        there = bool(student) or removal.has_assignment(course.db_url, name)
        if yes:
            change(course.db_url, name)
            put_away(course, folders)
    word = "removed" if yes else "would be removed"
    moved = "moved" if yes else "would move"
    done = [
        f"{name} {word} from the gradebook." if there else f"{name} is not in the gradebook.",
        *(f"{folder.relative_to(course.root)} {moved} to removed/" for folder in folders),
        *([] if yes else [UNCHANGED]),
    ]
    end(ctx, done, [], as_json, {"changed": yes})


@click.command("rename")
@click.option("--student", help="The student whose id changes.")
@click.option("--assignment", help="The assignment whose name changes.")
@click.argument("new")
@click.option("--yes", is_flag=True, help="Do it.  [default: only say what would be done]")
@course_option
@json_option
@click.pass_context
def rename_command(
    ctx: click.Context,
    student: str | None,
    assignment: str | None,
    new: str,
    yes: bool,
    root: Path | None,
    as_json: bool,
) -> None:
    """Rename a student or an assignment to NEW.

    The gradebook and every folder are changed.
    """
    if bool(student) == bool(assignment):
        raise click.UsageError("give --student ID or --assignment NAME")
    course = opened(ctx, root)
    with plain_errors():
        from autograder.gradebook import removal
        from autograder.lms.roster import is_safe_id

        if not is_safe_id(new):
            raise CourseError(
                f"{new!r} cannot be a folder's name.", "use letters, digits and . _ @ -"
            )
        if student:
            old = the_student(course, student)
            folders = folders_of_student(course, old)
            change = removal.rename_student
        else:
            old = assignment or ""
            check_assignment(course, old)
            folders = [*folders_of_assignment(course, old), course.source(old)]
            change = removal.rename_assignment
        moves = [(folder, renamed(folder, old, new)) for folder in folders]
        refuse_taken(course, new, moves)
        if yes:
            change(course.db_url, old, new)
            move_all(moves)
    done = []
    for before, after in moves:
        shown = [p.relative_to(course.root) for p in (before, after)]
        done.append(f"{shown[0]} {'is now' if yes else 'would be'} {shown[1]}")
    done.append(f"{old} is {new} now." if yes else UNCHANGED)
    end(ctx, done, [], as_json, {"changed": yes})


def move_all(moves: list[tuple[Path, Path]]) -> None:
    """Rename each folder."""
    for before, after in moves:
        after.parent.mkdir(parents=True, exist_ok=True)
        before.rename(after)


def refuse_taken(course: Course, new: str, moves: list[tuple[Path, Path]]) -> None:
    """Refuse a name that is used, or a folder that exists.

    Raises:
        CourseError: when it is used.
    """
    from autograder.gradebook.people import alike_key, gradebook_people

    taken = {alike_key(p.id) for p in gradebook_people(course.db_url)}
    there = [after for _, after in moves if after.exists()]
    if alike_key(new) in taken or there:
        what = f"the folder {there[0]}" if there else f"a student {new!r}"
        raise CourseError(f"There already is {what}.", "choose another name")


def folders_of_student(course: Course, student: str) -> list[Path]:
    """Return a student's folders: in collected/, submitted/, autograded/ and feedback/."""
    steps = (course.submitted, course.autograded, course.feedback)
    tops = {top_of(step(student, "x"), student) for step in steps}
    kept = (course.root / "collected").glob(f"*/{student}")
    return sorted(path for path in {*tops, *kept} if path.is_dir())


def top_of(path: Path, name: str) -> Path:
    """Return the part of a path that ends with a folder of that name."""
    return next(p for p in (path, *path.parents) if p.name == name)


def folders_of_assignment(course: Course, assignment: str) -> list[Path]:
    """Return an assignment's folders, without the instructor's own notebooks."""
    found = {course.released(assignment), course.root / "collected" / assignment}
    for handed in course.handed_in(assignment):
        steps = (course.submitted, course.autograded, course.feedback)
        found |= {step(handed.student, assignment) for step in steps}
    return sorted(path for path in found if path.is_dir())


def renamed(path: Path, old: str, new: str) -> Path:
    """Return a path in which the last part with the old name has the new one."""
    top = top_of(path, old)
    return top.with_name(new) / path.relative_to(top)


def put_away(course: Course, folders: list[Path]) -> None:
    """Move folders to removed/<time>/, under their own paths."""
    away = course.root / "removed" / f"{datetime.now().astimezone():%Y-%m-%d_%H-%M-%S}"
    for folder in folders:
        target = away / folder.relative_to(course.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)
