"""The project as an instructor installs it: both wheels, in an environment of their own."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """A fresh environment with both wheels; only what they depend on is this environment's."""
    folder = tmp_path_factory.mktemp("wheels")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    for source in (REPOSITORY, REPOSITORY / "solutions_wheel"):
        subprocess.run(build, cwd=source, check=True, capture_output=True)
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    pip = [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps"]
    wheels = [str(path) for path in folder.glob("*.whl")]
    subprocess.run([*pip, "--no-index", *wheels], check=True)
    (site,) = environment.glob("lib/python*/site-packages")
    # A folder that a .pth file names has its own .pth files left alone: the clone stays unseen.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment
