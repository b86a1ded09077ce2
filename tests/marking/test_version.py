import json
import subprocess
import sys
from pathlib import Path

import autograder
import stridewise
from autograder.marking.version import marking_files

AUTOGRADER = Path(autograder.__file__).parent
WIDGETS = Path(stridewise.__file__).parent / "widgets"
# Loaded with the engine, and without a say in any mark.
PLUMBING = {"course.py", "nbgrader_start.py", "submission.py", "version.py", "__init__.py"}
LOADED = """
import json, sys
import autograder.marking.submission, autograder.exam.examiner, autograder.running
import autograder.reading, stridewise.variants, stridewise.lesson_models
names = [m for m in sys.modules if m.split(".")[0] in ("autograder", "stridewise")]
print(json.dumps([sys.modules[name].__file__ for name in names]))
"""


def test_every_module_that_marking_loads_is_part_of_the_version():
    done = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True
    )
    loaded = {Path(name) for name in json.loads(done.stdout)}
    assert len(loaded) > 40
    assert {path for path in loaded - set(marking_files()) if path.name not in PLUMBING} == set()


def test_what_only_shows_or_stores_marks_is_no_part_of_it():
    for path in marking_files():
        assert not path.is_relative_to(WIDGETS)
        assert not any(
            path.is_relative_to(AUTOGRADER / step)
            for step in ("gradebook", "lms", "feedback", "report", "authoring")
        )


def test_every_file_of_the_version_is_there_once():
    files = list(marking_files())
    assert len(files) == len(set(files))
    assert all(path.is_file() for path in files)
