"""The two npm packages of the site: fetched when it is built, checked, and never committed."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.course.course import CourseError

_LARGEST = 64 * 2**20  # bytes of one file in a package
_SECONDS = 300


@dataclass(frozen=True, slots=True)
class NpmPackage:
    """A version of an npm package, and the files of it that the site needs.

    `integrity` is the SHA-512 of the archive in base64, as `npm view NAME dist.integrity` shows it.
    """

    name: str
    version: str
    integrity: str
    files: tuple[str, ...]

    @property
    def archive(self) -> str:
        """The file name that `npm pack` gives it."""
        return f"{self.name}-{self.version}.tgz"


PYODIDE = NpmPackage(
    "pyodide",  # Python in the browser
    "314.0.7",
    "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==",
    (
        "pyodide.mjs",
        "pyodide.asm.mjs",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
        "pyodide-lock.json",
    ),
)
QR_CODES = NpmPackage(
    "qrcode-generator",  # draws the QR code of a link
    "2.0.4",
    "mZSiP6RnbHl4xL2Ap5HfkjLnmxfKcPWpWe/c+5XxCuetEenqmNFf1FH/ftXPCtFG5/TDobjsjz6sSNL0Sr8Z9g==",
    ("dist/qrcode.mjs",),
)


def package_files(package: NpmPackage, folder: Path) -> Mapping[str, bytes]:
    """Return the wanted files of a package, by name.

    The archive is read from `folder`, into which npm fetches it where it is missing.

    Raises:
        CourseError: when it cannot be fetched, or is not the archive that is expected.
    """
    archive = folder / package.archive
    if not archive.is_file():
        _fetch(package, folder)
    data = archive.read_bytes()
    if base64.b64encode(hashlib.sha512(data).digest()).decode() != package.integrity:
        raise CourseError(
            f"{archive} is not the archive of {package.name} {package.version} that is expected.",
            "delete it and run the command again; if that does not help, do not use it",
        )
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as opened:
        return {Path(name).name: _member(opened, name) for name in package.files}


def _member(opened: tarfile.TarFile, name: str) -> bytes:
    member = opened.extractfile(f"package/{name}")
    if member is None:
        raise CourseError(f"The archive holds no file {name}.")
    return member.read(_LARGEST)


def _fetch(package: NpmPackage, folder: Path) -> None:
    by_hand = (
        f"install Node.js and npm, or put {package.archive} into {folder} by hand: on a machine "
        f"with a network, `npm pack {package.name}@{package.version}` makes it"
    )
    npm = shutil.which("npm")
    if npm is None:
        raise CourseError(f"npm is needed once, to fetch {package.name}.", by_hand)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as scratch:
        call = [npm, "pack", f"{package.name}@{package.version}", "--silent"]
        try:
            done = subprocess.run(  # noqa: S603 - the two packages above, by exact version
                [*call, "--pack-destination", scratch],
                cwd=scratch,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            words = f"npm did not fetch {package.name} in {_SECONDS} s."
            raise CourseError(words, by_hand) from None
        fetched = Path(scratch) / package.archive
        if done.returncode or not fetched.is_file():
            said = done.stderr.strip().splitlines()
            why = f": {said[-1]}" if said else ""
            raise CourseError(f"npm could not fetch {package.name}{why}.", by_hand)
        fetched.replace(folder / package.archive)
