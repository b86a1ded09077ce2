"""Files in place of a notebook are described in words."""

import json

import pytest

from autograder.notebooks.foreign_file import what_is_this

NOTEBOOK = json.dumps(
    {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"source": "größe = 7"}]},
    indent=1,
    ensure_ascii=False,
)
CONFLICT = NOTEBOOK.replace(
    ' "cells"', '<<<<<<< HEAD\n "cells": [],\n=======\n>>>>>>> theirs\n "cells"'
)
LOGIN = """\n<!DOCTYPE html><html><head><title>University</title></head>
<form><input type="password"></form></html>"""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "an empty file", id="empty"),
        pytest.param(b"\0" * 512, "zero bytes", id="zero-bytes"),
        pytest.param(b" \n", "zero bytes", id="spaces"),
        pytest.param(LOGIN.encode(), "a sign-in page", id="login-page"),
        pytest.param(b"<!DOCTYPE html><title>a.ipynb at main - GitHub</title>", "GitHub", id="hub"),
        pytest.param(b"\xef\xbb\xbf<html><body>404", "a web page", id="page"),
        pytest.param(b"<?xml version='1.0'?><a/>", "XML", id="xml"),
        pytest.param(CONFLICT.encode(), "merge conflict", id="conflict"),
        pytest.param(CONFLICT.replace("\n", "\r\n").encode(), "merge conflict", id="conflict-crlf"),
        pytest.param(NOTEBOOK.encode("cp1252"), "Windows-1252", id="cp1252"),
        pytest.param(NOTEBOOK[:-20].encode(), "cut off", id="cut-short"),
        pytest.param(NOTEBOOK[:-8].encode(), "cut off", id="cut-in-a-text"),
        pytest.param(NOTEBOOK.replace(",", ";", 1).encode(), "damaged", id="damaged"),
        pytest.param(b'{"a": 1}', "JSON, but not a notebook", id="other-json"),
        pytest.param(b"PK\x03\x04...", "zip", id="zip"),
        pytest.param(b"%PDF-1.7", "PDF", id="pdf"),
        pytest.param(b"version https://git-lfs.github.com/spec/v1\n", "Git LFS", id="lfs"),
        pytest.param(b"import numpy as np\nprint(1)\n", "text or a program", id="program"),
        pytest.param(b"\x81\xfe\x00garbage", "not a text file", id="bytes"),
        pytest.param(b"[" * 200_000, "too many nested levels", id="deep"),
    ],
)
def test_what_is_no_notebook_is_named(data, words):
    assert words in what_is_this(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_notebook_in_any_unicode_encoding_is_one(encoding):
    assert what_is_this(NOTEBOOK.encode(encoding)) == ""


def test_a_notebook_whose_text_is_about_conflicts_is_a_notebook():
    text = {"nbformat": 4, "cells": [{"source": "\n<<<<<<< a\n=======\n>>>>>>> b"}]}
    assert what_is_this(json.dumps(text).encode()) == ""
