"""The Binder image: rendered by repo2docker, resolved by uv, and replayed without Docker."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench.bench_lessons import cost, notebooks
from browser_fixtures import (
    LESSON_1,
    REPOSITORY,
    broken_widgets,
    open_in_lab,
    run_all,
    running_server,
    troubles,
)
from image_replay import build_image, find_python, image_files
from refresh_pins import REQUIREMENTS, base_image_pins, binder_python, resolve

START = REPOSITORY / "binder" / "start"
SECRETS = re.compile(r"BEGIN (HIDDEN TESTS|SOLUTION)|^\s*(from|import) autograder\b", re.MULTILINE)


def pins(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


@pytest.fixture(scope="module")
def dockerfile():
    """What repo2docker would build; rendering needs no Docker and asks nothing of the network."""
    command = [Path(sys.prefix, "bin", "jupyter-repo2docker"), "--no-build", "--debug", "."]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return run.stdout + run.stderr


@pytest.mark.slow
def test_repo2docker_renders_the_folder_for_the_python_asked_for(dockerfile):
    assert "Building conda environment for python=3.12" in dockerfile
    assert "RUN ./binder/postBuild" in dockerfile
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in dockerfile


def test_a_change_of_text_does_not_install_tensorflow_again(dockerfile):
    requirements = dockerfile.index('install --no-cache-dir -r "binder/requirements.txt"')
    repository = dockerfile.index("src/ ${REPO_DIR}/")
    assert requirements < repository < dockerfile.index("RUN ./binder/postBuild")


def test_the_image_holds_the_lessons_and_what_builds_them_and_no_more():
    tops = {path.parts[0] for path in image_files()}
    assert tops == {"LICENSE", "README.md", "binder", "lessons", "pyproject.toml"}


def test_no_file_of_the_image_contains_an_answer():
    texts = {path: (REPOSITORY / path).read_text(errors="replace") for path in image_files()}
    assert [str(path) for path, text in texts.items() if SECRETS.search(text)] == []


def test_the_badge_opens_a_lesson_that_exists():
    address = re.search(r"https://mybinder\.org/v2/gh/\S+", (REPOSITORY / "README.md").read_text())
    path = re.search(r"urlpath=lab/tree/([\w./-]+)", address.group())
    assert path.group(1) == LESSON_1
    assert Path(LESSON_1) in image_files()


def test_requirements_are_exact_and_name_no_index():
    lines = [line for line in REQUIREMENTS.read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9a-z.]+", line)] == []
    assert pins(REQUIREMENTS)["tensorflow-cpu"].startswith("2.21.")


@pytest.mark.slow
def test_the_pins_resolve_beside_what_repo2docker_installs():
    python = binder_python()
    base = base_image_pins(python)
    options = ["--python-version", python, "--python-platform", "linux"]
    found = resolve("binder/requirements.txt", *options, constraints=base)
    assert {line.split("==")[0] for line in found} <= base.keys() | pins(REQUIREMENTS).keys()


@pytest.mark.slow
def test_the_pins_are_all_that_the_lessons_need():
    python = binder_python()
    known = base_image_pins(python) | pins(REQUIREMENTS)
    lessons = ["pyproject.toml", "--extra", "lessons", "--python-platform", "linux"]
    found = resolve(*lessons, "--python-version", python, constraints=known)
    assert {line.split("==")[0] for line in found} <= known.keys()


@pytest.mark.slow
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_newcomers_pins_resolve_for_every_supported_python(python):
    everything = ["pyproject.toml", "--all-extras", "--group", "test", "-c", "tests/pins.txt"]
    assert resolve(*everything, "--python-version", python)


@pytest.mark.parametrize(
    ("limit", "threads"), [("0.01", 1), ("1", 1), ("1.0", 1), ("1.5", 2), ("4", 4)]
)
def test_threads_follow_the_share_of_the_processor(limit, threads):
    command = [START, "sh", "-c", "echo $TF_NUM_INTRAOP_THREADS $TF_NUM_INTEROP_THREADS"]
    said = subprocess.check_output(command, env={**os.environ, "CPU_LIMIT": limit}, text=True)
    assert said.split() == [str(threads), str(threads)]


def test_without_a_limit_tensorflow_counts_for_itself():
    env = {name: value for name, value in os.environ.items() if name != "CPU_LIMIT"}
    env.pop("TF_NUM_INTRAOP_THREADS", None)
    command = [START, "sh", "-c", "echo [$TF_NUM_INTRAOP_THREADS] $TF_CPP_MIN_LOG_LEVEL"]
    assert subprocess.check_output(command, env=env, text=True).split() == ["[]", "3"]


def test_start_passes_on_arguments_and_status():
    command = [START, "sh", "-c", 'echo "$1"; exit 7', "-", "a b"]
    run = subprocess.run(command, capture_output=True, check=False)
    assert (run.stdout, run.returncode) == (b"a b\n", 7)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    python = find_python(binder_python())
    if python is None:
        pytest.skip(f"no Python {binder_python()} here: install it to replay the image")
    return build_image(tmp_path_factory.mktemp("image"), python)


@pytest.fixture(scope="module")
def image_server(image, tmp_path_factory):
    """The image as mybinder.org starts it, with half a processor."""
    command = [image.home / "binder" / "start", "jupyter", "lab"]
    env = image.variables() | {"CPU_LIMIT": "0.5"}
    with running_server(command, image.home, tmp_path_factory.mktemp("home"), env) as server:
        yield server


@pytest.mark.slow
def test_post_build_installs_the_package_and_nothing_beside_it(image):
    assert {name.split("==")[0] for name in image.installed_by_post_build} == {"stridewise"}


@pytest.mark.slow
def test_no_path_of_the_image_leads_to_the_instructors_side(image):
    home, environment = image.home, image.environment
    paths = [path.relative_to(home) for path in home.rglob("*")]
    paths += [path.relative_to(environment) for path in environment.rglob("*/autograder*")]
    banned = {".git", "autograder", "docs", "gradebook.db", "solutions", "tests"}
    assert [str(path) for path in paths if banned & set(path.parts)] == []


@pytest.mark.slow
def test_the_image_serves_lesson_1(image_server):
    status, html = image_server.get(f"lab/tree/{LESSON_1}")
    assert status == 200
    assert "JupyterLab" in html
    assert len(image_server.contents(LESSON_1)["cells"]) > 10


@pytest.mark.slow
def test_the_server_of_the_image_has_its_threads_limited(image_server):
    variables = Path(f"/proc/{image_server.pid}/environ").read_bytes().split(b"\0")
    assert b"TF_NUM_INTRAOP_THREADS=1" in variables


@pytest.mark.slow
@pytest.mark.browser
def test_lesson_1_runs_in_the_image_from_top_to_bottom(image_server, page):
    open_in_lab(page, image_server, LESSON_1)
    cells = run_all(page, image_server, LESSON_1)
    assert troubles(cells) + broken_widgets(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("notebook", notebooks(), ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_a_notebook_keeps_under_a_gigabyte(notebook, monkeypatch, tmp_path):
    # The image has no pandas, which Keras imports where it is installed.
    (tmp_path / "pandas.py").write_text("raise ImportError('not in the image')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for kind in ("OMP_NUM", "TF_NUM_INTRAOP", "TF_NUM_INTEROP"):
        monkeypatch.setenv(f"{kind}_THREADS", "1")  # as in the image; each thread has its buffers
    assert cost(notebook).megabytes < 1000
