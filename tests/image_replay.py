"""The Binder image, built without Docker: the same files, the same versions, the same scripts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from refresh_pins import REPOSITORY, base_image_pins, binder_python

# What repo2docker puts in every image and a lesson uses; its hub server has no part in one.
BASE_IMAGE = ["jupyterlab", "notebook", "ipywidgets", "jupyter-resource-usage", "pip"]


@dataclass(frozen=True, slots=True)
class Image:
    """A folder in place of the image: `home` as a student sees it, `environment` beside it."""

    home: Path
    environment: Path
    installed_by_post_build: frozenset[str]

    def variables(self) -> dict[str, str]:
        """Return what the image's processes find in their environment."""
        return variables(self.environment)


def variables(environment: Path) -> dict[str, str]:
    """Return this process's variables with `environment` as the only Python."""
    path = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return kept | {"PATH": path, "PYTHONNOUSERSITE": "1"}


def image_files(root: Path = REPOSITORY) -> list[Path]:
    """Return the tracked files that reach the image, relative to the root.

    Docker's own client applies `binder/.dockerignore`, as it does in repo2docker.
    """
    from docker.utils.build import exclude_paths

    rules = [line.strip() for line in (root / "binder" / ".dockerignore").read_text().splitlines()]
    kept = exclude_paths(str(root), [rule for rule in rules if rule and not rule.startswith("#")])
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=root, text=True)
    return sorted(Path(name) for name in kept & set(listed.split("\0")))


def find_python(version: str) -> Path | None:
    """Return the interpreter of that version; None where there is none."""
    if sys.version.startswith(f"{version}."):
        return Path(sys.executable)
    # pyenv hides every version but the one chosen; elsewhere its variable changes nothing.
    asked = [f"python{version}", "-c", "import sys; print(sys.executable)"]
    try:
        env = {**os.environ, "PYENV_VERSION": version}
        answer = subprocess.run(asked, env=env, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return Path(answer.stdout.strip())


def build_image(folder: Path, python: Path) -> Image:
    """Do in `folder` what repo2docker's Dockerfile does, in its order."""
    home, environment = folder / "home", folder / "environment"
    copy_files(home)
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", python, environment], check=True)
    base = folder / "base.txt"
    base.write_text("".join(f"{k}=={v}\n" for k, v in base_image_pins(binder_python()).items()))
    install = [*uv, "pip", "install", "--quiet", "--python", environment / "bin" / "python"]
    subprocess.run([*install, "--constraints", base, *BASE_IMAGE], check=True)
    subprocess.run([*install, "-r", home / "binder" / "requirements.txt"], check=True)
    before = installed(environment)
    script = [home / "binder" / "postBuild"]
    subprocess.run(script, cwd=home, env=variables(environment), check=True, capture_output=True)
    return Image(home, environment, frozenset(installed(environment) - before))


def copy_files(home: Path) -> None:
    """Copy the files of the image into its home folder."""
    for name in image_files():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, home / name)


def installed(environment: Path) -> set[str]:
    """Return the distributions in an environment, each as `name==version`."""
    uv = [sys.executable, "-m", "uv", "pip", "list", "--quiet", "--format=freeze"]
    python = environment / "bin" / "python"
    return set(subprocess.check_output([*uv, "--python", python], text=True).split())
