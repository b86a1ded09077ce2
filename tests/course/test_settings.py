import subprocess
import sys

import pytest
from course_builder import configure

from autograder.course.course import CourseError, open_course
from autograder.course.settings import (
    Settings,
    as_environment,
    in_force,
    settings_in_force,
    settings_of,
)

STRICT = Settings(follow_through=False, show_right_numbers=False, run_beside="never")


def test_a_course_that_says_nothing_has_the_defaults(course_root):
    assert open_course(course_root).settings == Settings(True, True, "mark")


def test_the_configuration_of_a_course_decides(course_root):
    configure(course_root, "c.Stridewise.follow_through = False")
    configure(course_root, "c.Stridewise.run_beside = 'flag'")
    assert open_course(course_root).settings == Settings(False, True, "flag")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("c.Stridewise.follow_true = False", "follow_true is not a setting"),
        ("c.Stridewise.follow_through = 'no'", "is 'no'; it can be True or False"),
        ("c.Stridewise.run_beside = True", "is True; it can be 'mark' or 'flag' or 'never'"),
        ("c.Stridewise.run_beside.append(1)", "it can be 'mark' or"),
    ],
)
def test_a_setting_that_there_is_not_is_refused(course_root, line, words):
    configure(course_root, line)
    with pytest.raises(CourseError, match=r"nbgrader_config\.py: c\.Stridewise") as refused:
        _ = open_course(course_root).settings
    assert words in str(refused.value)


def test_a_value_from_nbgraders_command_line_is_text():
    from traitlets.config.loader import KVArgParseConfigLoader

    argv = ["--Stridewise.follow_through=False", "--Stridewise.run_beside=never"]
    config = KVArgParseConfigLoader(argv).load_config()
    assert settings_of(config) == Settings(follow_through=False, run_beside="never")


def test_a_kernel_gets_the_settings_from_its_environment(monkeypatch):
    for variable, text in as_environment(STRICT).items():
        monkeypatch.setenv(variable, text)
    assert settings_in_force() == STRICT


def test_inside_the_engine_the_environment_has_no_effect(monkeypatch):
    monkeypatch.setenv("STRIDEWISE_FOLLOW_THROUGH", "0")
    with in_force(Settings()):
        assert settings_in_force().follow_through
    assert not settings_in_force().follow_through


def test_a_variable_that_says_neither_yes_nor_no_is_an_error(monkeypatch):
    monkeypatch.setenv("STRIDEWISE_FOLLOW_THROUGH", "off")
    with pytest.raises(ValueError, match="STRIDEWISE_FOLLOW_THROUGH is 'off'; it can be True or"):
        settings_in_force()


def test_the_processes_that_nbgrader_starts_inherit_what_its_configuration_says(tmp_path):
    """A stock kernel is such a process; `grade` in it has no other way to know."""
    inner = "from autograder.course.settings import *; print(settings_in_force().follow_through)"
    (tmp_path / "nbgrader_config.py").write_text(
        "from autograder.course.settings import write_environment\n"
        "c = get_config()\nc.Stridewise.follow_through = False\nwrite_environment(c)\n"
    )
    outer = (
        "import subprocess, sys\n"
        "from traitlets.config.loader import PyFileConfigLoader\n"
        "PyFileConfigLoader('nbgrader_config.py', path='.').load_config()\n"
        f"subprocess.run([sys.executable, '-c', {inner!r}], check=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", outer], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "False"
