"""Building the files of the site from the widgets and stridewise."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

import stridewise
from autograder.course.course import CourseError
from autograder.course.files import write_whole
from autograder.course.templates import environment
from autograder.site.npm_packages import PYODIDE, QR_CODES, package_files
from autograder.site.pages import PAGES
from stridewise.layer_lines import layer_lines
from stridewise.lesson_models import lesson_network
from stridewise.widgets import Explorer, Practice, StackExplorer
from stridewise.widgets.assets import styles

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
LIST = "site-files.json"
_STATIC = Path(__file__).with_name("static")
_TEMPLATES = environment(_STATIC)
_PACKAGE = Path(stridewise.__file__).parent
_OLDEST = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the earliest time in a zip; a fixed time gives the same bytes each time


def build_site(folder: Path, packages: Path) -> Mapping[str, int]:
    """Write the site into `folder`; return the size of each file in bytes.

    Files of an earlier build that are no longer part of the site are removed; no others are.

    Args:
        folder: an empty or new folder, or one that holds a site.
        packages: the folder of npm packages' archives, into which missing ones are fetched.

    Raises:
        CourseError: when the folder has other files, or a package cannot be fetched.
    """
    before = _earlier(folder)
    files = dict(site_files(packages))
    for name, data in files.items():
        write_whole(folder / name, data, mode=0o644)
    for name in before - files.keys() - {LIST}:
        (folder / name).unlink(missing_ok=True)
    write_whole(folder / LIST, json.dumps(sorted(files), indent=1).encode(), mode=0o644)
    return {name: len(data) for name, data in files.items()}


def site_files(packages: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of every file of the site."""
    files = dict(_plain_files())
    for package, place in ((PYODIDE, "pyodide"), (QR_CODES, "qrcode")):
        found = package_files(package, packages)
        files |= {f"{place}/{name}": data for name, data in found.items()}
    files["python/stridewise.zip"] = _python()
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + hashlib.sha256(files[name]).digest())
    listed = json.dumps(["./", *sorted(files)])
    worker = _TEMPLATES.get_template("sw.js").render(version=digest.hexdigest()[:16], files=listed)
    yield from files.items()
    yield "sw.js", worker.encode()


def _earlier(folder: Path) -> set[str]:
    """Return the files of an earlier build.

    Raises:
        CourseError: when the folder has other files.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return set()
    if not (folder / LIST).is_file():
        raise CourseError(
            f"{folder} is not empty and is not an earlier build.", "give a new or an empty folder"
        )
    names = json.loads((folder / LIST).read_text(encoding="utf-8"))
    return {name for name in names if (folder / name).resolve().is_relative_to(folder.resolve())}


def _plain_files() -> Iterator[tuple[str, bytes]]:
    for path in sorted(_STATIC.rglob("*")):
        name = path.relative_to(_STATIC).as_posix()
        if path.is_file() and name not in {"index.html", "sw.js"}:
            yield name, path.read_bytes()
    for path in sorted((_PACKAGE / "widgets").glob("*.js")):
        yield f"widgets/{path.name}", path.read_bytes()
    yield "widgets.css", styles("page.css").encode()
    yield "index.html", _index().encode()


def _index() -> str:
    widgets = {"explorer": Explorer(), "network": StackExplorer(), "practice": Practice(seed=0)}
    states: dict[str, Any] = {name: widget.own_traits() for name, widget in widgets.items()}
    states["lessons"] = {name: _lesson(name) for name in ("valid", "same", "stride")}
    pages = [
        {
            "id": page.id,
            "link": page.link,
            "title": page.title,
            "about": page.about,
            # Made by the widgets, which escape all text.
            "picture": Markup(widgets[page.id].static_html()) if page.id in widgets else "",  # noqa: S704
        }
        for page in PAGES
    ]
    data = json.dumps(states).replace("</", "<\\/")
    return _TEMPLATES.get_template("index.html").render(
        policy=POLICY,
        states=Markup(data),  # noqa: S704 - JSON of our own, which cannot end the element
        pages=pages,
    )


def _lesson(name: str) -> dict[str, Any]:
    """Return a lesson's network as code, and the names and types of its rows; no answers."""
    network = lesson_network(name)
    lines = [f"keras.Input(shape={network.input_shape[1:]})"]
    lines += [line.keras for line in layer_lines(network)]
    return {"code": "\n".join(lines), "rows": [[row.name, row.type] for row in network.rows]}


def _python() -> bytes:
    """Return a zip of the Python code for the pages: stridewise, and `answers.py`."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as opened:
        for path in sorted(_PACKAGE.rglob("*.py")):
            _add(opened, f"stridewise/{path.relative_to(_PACKAGE).as_posix()}", path)
        _add(opened, "answers.py", Path(__file__).with_name("answers.py"))
    return held.getvalue()


def _add(opened: zipfile.ZipFile, name: str, path: Path) -> None:
    opened.writestr(
        zipfile.ZipInfo(name, _OLDEST), path.read_bytes(), compress_type=zipfile.ZIP_DEFLATED
    )
