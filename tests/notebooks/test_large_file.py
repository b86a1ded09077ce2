"""A notebook whose outputs are far larger than its text."""

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.files import RefusedFileError, open_folder
from autograder.notebooks.large_file import read_notebook, without_outputs

PICTURE = {"output_type": "display_data", "data": {"image/png": "iVBOR" + "A" * 18_000_000}}

GONE = [{"output_type": "too_large"}]


def notebook(outputs, source='x = "]}"  # \\" ["', **metadata):
    cells = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": outputs}]
    return {"nbformat": 4, "metadata": metadata, "cells": cells}


def read(folder, name="1"):
    with open_folder(folder) as opened:
        return read_notebook(opened, name)


def test_large_outputs_are_dropped_and_the_text_stays(tmp_path):
    whole = notebook([PICTURE], widgets={"state": ["a"] * 50_000})
    (tmp_path / "1.ipynb").write_text(json.dumps(whole, indent=1))
    assert json.loads(read(tmp_path)) == notebook(GONE, widgets={})


def test_small_outputs_stay_beside_a_large_one(tmp_path):
    whole = notebook([{"text": "26"}])
    whole["cells"] += notebook([PICTURE])["cells"]
    (tmp_path / "1.ipynb").write_text(json.dumps(whole))
    assert [cell["outputs"] for cell in json.loads(read(tmp_path))["cells"]] == [
        [{"text": "26"}],
        GONE,
    ]


def test_a_text_that_is_too_large_is_refused_all_the_same(tmp_path):
    (tmp_path / "1.ipynb").write_text(json.dumps(notebook([PICTURE], "#" * 17_000_000)))
    with pytest.raises(RefusedFileError, match="without its outputs"):
        read(tmp_path)


def test_an_ordinary_file_is_given_as_it_is(tmp_path):
    data = json.dumps(notebook([{"text": "26"}])).encode()
    (tmp_path / "1.ipynb").write_bytes(data)
    assert read(tmp_path) == data
    assert read(tmp_path, "2") is None


def test_a_name_that_macos_wrote_is_found(tmp_path):
    name = "1 Größe"
    (tmp_path / f"{unicodedata.normalize('NFD', name)}.ipynb").write_bytes(b"{}")
    assert read(tmp_path, name) == b"{}"


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["outputs", "cells", "widgets", "a", '"']), inner),
    ),
    max_leaves=8,
)


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(JSON, st.lists(JSON, max_size=3)), max_size=4),
    JSON,
    st.sampled_from([None, 1]),
)
def test_nothing_but_outputs_goes(cells, other, indent):
    def made(drop):
        rows = [{"a": x, "outputs": GONE if drop and y else y, "source": ["["]} for x, y in cells]
        return {"a": other, "cells": rows, "metadata": {"x": other, "widgets": {}}}

    assert json.loads(without_outputs(json.dumps(made(False), indent=indent).encode())) == made(
        True
    )


@given(st.binary())
def test_any_bytes_come_through(data):
    assert isinstance(without_outputs(data), bytes)
