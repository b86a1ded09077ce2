"""Practice keeps a file beside the notebook: each test has a folder of its own to stand in."""

import pytest


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
