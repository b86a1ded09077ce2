"""Packages that an assignment imports and that are not installed here."""

from __future__ import annotations

from autograder.reading.packages import missing_packages, names_of_missing


def test_a_namespace_that_several_packages_share_is_not_enough(tmp_path, monkeypatch):
    (tmp_path / "shared_names" / "here").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path)
    cells = [
        ("a", "import shared_names.here.part, shared_names.gone.part"),
        ("b", "from shared_names.gone import x\nfrom shared_names.gone.part import y as z"),
        ("c", "from shared_names.here import x\nimport shared_names"),
    ]
    assert missing_packages(cells) == {"shared_names.gone": ["a", "b"]}
    assert names_of_missing(cells[1][1]) == dict.fromkeys("xz", "shared_names.gone")
    assert names_of_missing("import shared_names.gone") == {"shared_names": "shared_names.gone"}


def test_modules_beside_the_notebook_are_not_missing():
    cells = [("a", "import no_such_module.part")]
    assert missing_packages(cells, ["no_such_module.py"]) == {}
    assert missing_packages(cells, ["no_such_module/part.py"]) == {}
    assert names_of_missing(cells[0][1], ["no_such_module.py"]) == {}
    assert missing_packages(cells, ["no_such_module.csv"]) == {"no_such_module": ["a"]}
