"""Day one: JupyterLab as `make lab` runs it, and each lesson run through in a real Chromium."""

from __future__ import annotations

import json

import pytest
from browser_fixtures import LESSON_1, REPOSITORY, broken_widgets, open_in_lab, run_all, troubles

FOLDER = "lessons/padding_and_stride"
LESSONS = sorted(path.name for path in (REPOSITORY / FOLDER).glob("*.ipynb"))


def test_make_lab_opens_lesson_1(jupyter_server):
    status, html = jupyter_server.get("")  # where the root of the server leads
    settings = html.partition('id="jupyter-config-data"')[2].partition(">")[2]
    assert status == 200
    assert json.JSONDecoder().raw_decode(settings.strip())[0]["treePath"] == LESSON_1


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_from_top_to_bottom_unanswered(jupyter_server, page, lesson):
    path = f"{FOLDER}/{lesson}"
    open_in_lab(page, jupyter_server, path)
    cells = run_all(page, jupyter_server, path, timeout=300)
    assert troubles(cells) + broken_widgets(page) == []
