"""Stock `nbgrader autograde`, and formgrader's button, with this engine: one line of configuration.

    c.Autograde.exporter_class = "autograder.nbgrader_plugin.EngineExporter"

nbgrader reads, sanitises, executes and scores a notebook through its exporter. This exporter does
all four itself, from the submitted file: nothing else parses that file, and no kernel is started.
nbgrader still finds the submissions and manages students and files.
"""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import NbGraderException
from traitlets import Bool

from autograder.course.course import Course
from autograder.course.files import RefusedFileError, open_folder
from autograder.course.settings import Settings
from autograder.course.times import read_time
from autograder.gradebook.gradebook import Gradebook, SubmissionRecord
from autograder.gradebook.penalty_column import refresh_penalties
from autograder.gradebook.read_marks import class_marks_of
from autograder.marking.engine import Marking, mark_notebook, refused_notebook
from autograder.marking.evidence import with_evidence
from autograder.marking.submission import recordable
from autograder.marking.worker import LazyRunner
from autograder.marking.working_folder import in_folder, with_notebooks
from autograder.notebooks.assignment_files import files_in
from autograder.notebooks.large_file import read_notebook
from autograder.notebooks.marked import marked_page
from autograder.notebooks.master import Template, files_of, templates


class EngineExporter(NotebookExporter):
    """Marks the submitted file with the engine, records the marks, returns the marked notebook."""

    sandbox = Bool(True, help="Run students' code only in the sandbox.").tag(config=True)

    def from_filename(
        self, filename: str, resources: Any = None, **_: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Mark a submitted notebook; return an already marked one unchanged.

        nbgrader calls this twice for a notebook: with the submitted file, and with the result.
        """
        resources = resources | {"output_extension": self.file_extension}
        path, names = Path(filename), resources["nbgrader"]
        course = self._course()
        folder = course.submitted(names["student"], names["assignment"])
        if path.parent != folder:
            return path.read_text(encoding="utf-8"), resources
        if refusal := course.refusal(names["student"], names["assignment"]):
            raise NbGraderException(f"{names['student']}: {refusal}")
        page, unmarked = self._mark(course, folder, names)
        if unmarked:
            what = "; ".join(f"{answer}: {why}" for answer, why in unmarked.items())
            raise NbGraderException(f"{names['student']}: not marked: {what}")
        return page.decode(), resources

    def _mark(self, course: Course, folder: Path, names: Any) -> tuple[bytes, dict[str, str]]:
        student, assignment, notebook = names["student"], names["assignment"], names["notebook"]
        with Gradebook(course, assignment) as gradebook:
            masters = templates(
                course.released(assignment),
                assignment,
                gradebook.sources(),
                files_of(course, assignment),
            )
            known, _ = with_evidence(
                {notebook: masters[notebook]},
                course.source(assignment),
                gradebook,
                self._running(course),
                course.settings,
                course.cell_seconds,
            )
            template = known[notebook]
            marked = self._marked(template, folder, notebook, student, course.settings)
            page = marked_page(template, marked.notebook, marked.matched, marked.ran)
            kept = recordable(marked.notebook)
            when = self._time(folder)
            gradebook.record(SubmissionRecord(student, when, {notebook: kept}))
        refresh_penalties(course.db_url, class_marks_of(course, assignment))
        for finding in kept.findings:
            self.log.warning("%s: %s: %s", student, notebook, finding.message)
        return page, dict(kept.unmarked)

    def _marked(
        self, template: Template, folder: Path, name: str, student: str, settings: Settings
    ) -> Marking:
        try:
            with open_folder(folder) as opened:
                data = read_notebook(opened, name)
        except RefusedFileError as refused:
            return refused_notebook(template, student, refused)
        beside = with_notebooks({**files_in(folder).files, **template.files}, {name: data})
        runner = in_folder(self._running(self._course()), beside)
        return mark_notebook(template, data or b"", student, runner, settings)

    def _running(self, course: Course) -> LazyRunner:
        return _runner(sandbox=self.sandbox, cell_seconds=course.cell_seconds)

    def _time(self, folder: Path) -> datetime | None:
        """Return when a submission was handed in, as nbgrader stores it; warn if it is unclear."""
        try:
            with open_folder(folder) as opened:
                text = (opened.read("timestamp.txt") or b"").decode().strip()
            return read_time(text).replace(tzinfo=None) if text else None
        except (RefusedFileError, ValueError, OverflowError) as error:
            self.log.warning("%s: the time of handing in is not known: %s", folder, error)
            return None

    def _course(self) -> Course:
        directory = getattr(self.parent, "coursedir")  # noqa: B009 - nbgrader's converter has it
        return Course(root=Path(directory.root), config=self.config, directory=directory)


@cache
def _runner(*, sandbox: bool, cell_seconds: float) -> LazyRunner:
    """Return what runs students' code; it is started once for each run of nbgrader."""
    stack = ExitStack()
    atexit.register(stack.close)
    return LazyRunner(stack, sandbox=sandbox, cell_seconds=cell_seconds)
