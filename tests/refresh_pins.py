"""Write the exact versions that everybody gets: `python tests/refresh_pins.py`.

`tests/pins.txt` constrains the environment of a newcomer, for every supported Python:
`pip install -c tests/pins.txt`. `binder/requirements.txt` is what the Binder image adds to the
packages that repo2docker puts there. Both follow from `pyproject.toml`; edit neither by hand.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PINS = REPOSITORY / "tests" / "pins.txt"
REQUIREMENTS = REPOSITORY / "binder" / "requirements.txt"
OLDEST_PYTHON = "3.11"

PINS_HEADER = """\
# The versions that the tests run with; made by `make pins`.
"""
REQUIREMENTS_HEADER = """\
# What the Binder image adds to the packages that repo2docker puts there; made by `make pins`.
# The lessons' own package is installed by postBuild, so that a change of text leaves this layer be.
"""


def binder_python() -> str:
    """Return the Python version of the Binder image, as in "3.12"."""
    return (REPOSITORY / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")


def base_image_pins(python: str) -> dict[str, str]:
    """Return the Python packages that repo2docker puts in every image: name to version.

    They are read from the conda lock file in the installed repo2docker. A conda package made from
    a Python one has a build string that starts with "py".
    """
    origin = find_spec("repo2docker").origin  # importing it is slow, and warns
    folder = Path(origin).parent / "buildpacks" / "conda"
    lock = (folder / f"environment.py-{python}-linux-64.lock").read_text()
    found = re.findall(r"/([^/]+)-([^/-]+)-py[^/-]*\.(?:conda|tar\.bz2)", lock)
    return {pypi_name(name): version for name, version in found}


def pypi_name(conda_name: str) -> str:
    """Return the name on the Python package index, in its normal form."""
    renamed = {
        "brotli-python": "brotli",
        "nbconvert-core": "nbconvert",
        "python-fastjsonschema": "fastjsonschema",
        "python-tzdata": "tzdata",
    }
    return renamed.get(conda_name, re.sub(r"[-_.]+", "-", conda_name).lower())


def resolve(*arguments: str, constraints: dict[str, str] | None = None) -> list[str]:
    """Return the pins (`name==version`) that uv finds; raise `ValueError` when there are none."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(f"{name}=={version}\n" for name, version in (constraints or {}).items())
        file.flush()
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header"]
        command += ["--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
        command += ["--constraints", file.name, *arguments]
        run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if run.returncode:
        raise ValueError(f"no versions fit {' '.join(arguments)}:\n{run.stderr}")
    return run.stdout.splitlines()


def newcomer_pins() -> list[str]:
    """Return the newest versions of everything a newcomer installs, for every supported Python."""
    everything = ["pyproject.toml", "--all-extras", "--group", "test"]
    return resolve(*everything, "--universal", "--python-version", OLDEST_PYTHON)


def binder_pins() -> list[str]:
    """Return the newest versions of what the lessons need beside what the image has already."""
    python = binder_python()
    base = base_image_pins(python)
    lessons = ["pyproject.toml", "--extra", "lessons", "--python-platform", "linux"]
    pins = resolve(*lessons, "--python-version", python, constraints=base)
    return [pin for pin in pins if pin.split("==")[0] not in base]


def write(path: Path, header: str, pins: list[str]) -> None:
    """Write one pin a line under the header."""
    path.write_text(header + "".join(f"{pin}\n" for pin in pins))


if __name__ == "__main__":
    write(PINS, PINS_HEADER, newcomer_pins())
    write(REQUIREMENTS, REQUIREMENTS_HEADER, binder_pins())
