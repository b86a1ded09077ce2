"""The built site, and a server of its files on the loopback address."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from autograder.course.course import CourseError
from autograder.site.build import build_site


@pytest.fixture(scope="session")
def built_site(tmp_path_factory):
    """The site in a folder; npm archives are kept between runs, as for the command."""
    folder = tmp_path_factory.mktemp("site")
    on_ci = os.environ.get("CI") == "true"
    if shutil.which("npm") is None and not on_ci:
        pytest.skip("no `npm` on PATH: install Node.js and npm to build the site")
    try:
        build_site(folder, Path(click.get_app_dir("stridewise")) / "npm")
    except CourseError as error:
        if on_ci:
            raise
        pytest.skip(f"the site cannot be built: {error}")
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def serving(folder):
    """Serve a folder until the block ends; give the address."""
    handler = functools.partial(_Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
