"""nbgrader's settings for this repository; `autograder` reads the same file."""

from autograder.course.settings import write_environment

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "stridewise"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "lessons"
# What Practice keeps beside a notebook is not part of an assignment.
c.CourseDirectory.ignore = [
    *(".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"),  # as nbgrader has it
    "stridewise-ideas.json",
]

# Where a solution stood, a lesson shows only the line above it: `valid_shapes = ...`.
c.ClearSolutions.code_stub = {"python": ""}
c.ClearSolutions.text_stub = "*Your answer in a few sentences: replace this line.*"
c.ClearHiddenTests.enforce_metadata = True

# TensorFlow alone takes ten seconds to import on a small machine, and lesson 3 trains.
c.ExecutePreprocessor.timeout = 300
c.Execute.timeout = 300
# Without it a page shows an explorer's picture and table; with it, each would add its script to the
# file, and the page would ask a server elsewhere for the rest.
c.ExecutePreprocessor.store_widget_state = False
# A tag on a cell must not decide whether it is run.
c.Execute.skip_cells_with_tag = ""
# `nbgrader autograde` and formgrader's button mark with the engine of this project.
c.Autograde.exporter_class = "autograder.nbgrader_plugin.EngineExporter"
# A feedback page shows marks and reasons, never a hidden test or how a task is marked.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# How answers are marked and what students are shown: docs/author-guide.md, "Settings".
c.Stridewise.follow_through = True  # one early slip costs one row
c.Stridewise.show_right_numbers = True  # False for a lesson to be tried again
# Stock nbgrader's kernels read no configuration: they get these settings from the environment.
write_environment(c)
