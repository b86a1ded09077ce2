"""A class marked on a Dask cluster of separate processes, some of which die."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import dask
import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, SLIP, WRONG, build_course, configure, hand_in
from distributed import Client, LocalCluster, get_worker
from gradebook_rows import details, rows

from autograder.authoring.generate import generate
from autograder.cli import main
from autograder.course.course import CourseError, open_course
from autograder.gradebook.gradebook import Gradebook
from autograder.marking import cluster as cluster_module
from autograder.marking.class_run import grade_class
from autograder.marking.cluster import mark_there, results_from_cluster
from autograder.marking.submission import Job
from autograder.notebooks.master import templates

STUDENTS = [f"s{number:02}" for number in range(12)]
ENDS_ITS_WORKER = "s05"


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    root = build_course(tmp_path_factory.mktemp("course") / "c")
    generate(open_course(root), ASSIGNMENT)
    for number, student in enumerate(STUDENTS):
        hand_in(root, student, RIGHT if number % 3 else WRONG)
    broken = root / "submitted" / "s02" / ASSIGNMENT / "1_sizes.ipynb"
    broken.unlink()
    broken.symlink_to("/etc/hostname")
    return root


@pytest.fixture
def course(handed_in, tmp_path):
    return open_course(shutil.copytree(handed_in, tmp_path / "course", symlinks=True))


@pytest.fixture(scope="module")
def dask_cluster():
    """Two workers, each a process of its own that is started again when it dies.

    `LocalCluster` gives up on a worker that is not there 15 seconds after it was lost; a busy
    machine may need longer to start another.
    """
    patient = {"distributed.deploy.lost-worker-timeout": "600s"}
    options = {"dashboard_address": "127.0.0.1:0", "host": "127.0.0.1"}
    with (
        dask.config.set(patient),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **options) as running,
    ):
        yield running


def marks(course):
    """Everything that grading wrote into the gradebook."""
    return rows(course.root), details(course.root)


def pages(course) -> dict[str, bytes]:
    folder = course.root / "autograded"
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def jobs_of(course) -> list[Job]:
    settings = course.settings
    return [
        Job(s, course.submitted(s, ASSIGNMENT), course.autograded(s, ASSIGNMENT), "", settings)
        for s in STUDENTS
    ]


def masters_of(course):
    with Gradebook(course, ASSIGNMENT) as gradebook:
        return templates(course.released(ASSIGNMENT), ASSIGNMENT, gradebook.sources())


@pytest.mark.slow
def test_the_marks_and_pages_are_those_of_this_machine_to_the_byte(course, tmp_path, dask_cluster):
    local = open_course(shutil.copytree(course.root, tmp_path / "local", symlinks=True))
    there = grade_class(course, ASSIGNMENT, dask=dask_cluster.scheduler_address)
    here = grade_class(local, ASSIGNMENT, processes=1)
    assert there.graded == here.graded == len(STUDENTS)
    assert marks(course) == marks(local)
    assert pages(course) == pages(local)


def test_the_course_decides_how_rows_are_marked_also_on_workers_that_marked_before(
    course, dask_cluster
):
    hand_in(course.root, "s01", SLIP)
    points = []
    for follow_through in (True, False, True):
        configure(course.root, f"c.Stridewise.follow_through = {follow_through}")
        again = open_course(course.root)
        address, students = dask_cluster.scheduler_address, frozenset({"s01"})
        grade_class(again, ASSIGNMENT, dask=address, students=students, force=True)
        points += [
            row[3]
            for row in rows(course.root)["grades"]
            if row[:3] == ("s01", "1_sizes", "test_sizes")
        ]
    assert points == [2.0, 0.0, 2.0]


def test_a_worker_that_is_killed_costs_no_mark(course, tmp_path, dask_cluster):
    local = open_course(shutil.copytree(course.root, tmp_path / "local", symlinks=True))
    grade_class(local, ASSIGNMENT, processes=1)
    with Client(dask_cluster.scheduler_address, set_as_default=False) as client:
        victims = list(client.run(os.getpid).values())

        def kill_one(tally, _):
            if tally.graded == 2 and victims:
                os.kill(victims.pop(), signal.SIGKILL)

        tally = grade_class(course, ASSIGNMENT, dask=dask_cluster.scheduler_address, each=kill_one)
    assert len(victims) == 1
    assert tally.failed == {}
    assert marks(course) == marks(local)


def kills_its_worker(marker, files, student, settings, others):
    """Take the place of a submission that ends its worker, which none should be able to do."""
    if student == ENDS_ITS_WORKER:
        get_worker().plugins[marker].wait_for_nanny()
        os.kill(os.getpid(), signal.SIGKILL)
    return mark_there(marker, files, student, settings, others)


@pytest.mark.slow
def test_a_submission_that_ends_every_worker_is_given_up_and_reported_and_no_other(
    course, dask_cluster
):
    found = list(
        results_from_cluster(
            dask_cluster.scheduler_address,
            jobs_of(course),
            masters_of(course),
            sandbox=True,
            mark=kills_its_worker,
        )
    )
    lost = {graded.student: graded.reason for graded in found if graded.status == "failed"}
    assert lost == {ENDS_ITS_WORKER: "every worker process that tried to mark it died"}
    assert sorted(graded.student for graded in found) == STUDENTS


def raises(marker, files, student, settings, others):
    if student == ENDS_ITS_WORKER:
        raise ZeroDivisionError("of its own")
    return mark_there(marker, files, student, settings, others)


@pytest.mark.slow
def test_what_a_worker_cannot_mark_is_that_students_alone(course, dask_cluster):
    address = dask_cluster.scheduler_address
    found = results_from_cluster(
        address, jobs_of(course), masters_of(course), sandbox=True, mark=raises
    )
    lost = [graded for graded in found if graded.status == "failed"]
    assert [graded.student for graded in lost] == [ENDS_ITS_WORKER]
    assert "ZeroDivisionError: of its own" in lost[0].reason


def test_workers_with_other_code_are_refused(course, dask_cluster, monkeypatch):
    monkeypatch.setattr(cluster_module, "engine_version", other_version)
    with pytest.raises(CourseError, match="have another version of stridewise"):
        grade_class(course, ASSIGNMENT, dask=dask_cluster.scheduler_address)


def other_version() -> str:
    return f"of process {os.getpid()}"


def test_a_cluster_that_is_not_there_is_an_error_and_changes_nothing(course, monkeypatch):
    monkeypatch.setattr(cluster_module, "WAIT", 1.0)
    before = (course.root / "gradebook.db").read_bytes()
    command = ["grade", ASSIGNMENT, "--dask", "tcp://127.0.0.1:9", "--course", str(course.root)]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert "The cluster at tcp://127.0.0.1:9 cannot be used" in result.output
    assert "Traceback" not in result.output
    assert not Path(course.root / "autograded").exists()
    assert len((course.root / "gradebook.db").read_bytes()) >= len(before)


def test_a_cluster_without_workers_is_an_error(course, monkeypatch):
    monkeypatch.setattr(cluster_module, "WAIT", 1.0)
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1") as empty,
        pytest.raises(CourseError, match="cannot be used"),
    ):
        grade_class(course, ASSIGNMENT, dask=empty.scheduler_address)
