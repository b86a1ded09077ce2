"""The glossary beside each lesson: one screen, and its words are used in its meaning alone."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "lessons" / "stridewise"
FOLDERS = sorted({path.parent for path in (ROOT / "lessons").glob("*/*.ipynb")})
LESSONS = sorted((ROOT / "lessons").glob("*/*.ipynb"))
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)

# The words with a fixed meaning, in the forms in which a text uses them.
FIXED = {
    "image": "images?",
    "channel": "channels?",
    "kernel": "kernels?",
    "filter": "filters?",
    "map": "maps?",
    "window": "windows?",
    "step": "steps?|strides?",
    "reach": "reach",
    "line": "lines?",
    "row": "rows?",
    "padding": "padding",
    "pooling": "pooling",
    "dilation": "dilation|dilated|gaps?",
    "shape": "shapes?",
    "batch": "batch",
    "parameters": "parameters?|weights?|bias|biases",
    "unit": "units?",
    "receptive field": "receptive fields?",
}
# Ways of using such a word in another meaning, which readers had to read twice.
OTHERWISE = {
    "reach": r"\breach(es|ed|ing)\b|\b(numbers|maps|pixels|not|to|can|does|do) reach\b",
    "row": r"\b(in|along) (a|one) row\b|\brow of (pixels|numbers|seven|eight)\b",
    "step": r"\b(next|same|four|following) steps? (is|are|of the lesson)\b|same four steps",
    "window": r"\bwindow of (the|your) (browser|screen)\b|\b(browser|pop-up) window\b",
    "line": r"\b(draw|along) the line between\b|\bdead ?line\b",
}


def terms(folder):
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", (folder / "glossary.md").read_text(), re.MULTILINE)
    return dict(rows[2:]) if rows[1][0].startswith("---") else dict(rows[1:])


def lesson_texts(path):
    """The texts of a lesson, and what its code prints, without names and arguments."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            yield re.sub(
                r"`[^`]*`|\]\([^)]*\)", " ", re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
            )
        else:
            yield from texts_in(ast.parse(cell.source))
            yield from re.findall(r"# (.*)", cell.source)


def texts_in(tree):
    """The texts in code that may be read by a student: no docstrings, and no single words."""
    docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and " " in text and id(node) not in docs:
            yield text


@cache
def messages():
    """The texts of the library's messages and of the widgets, with where they stand."""
    return tuple(_messages())


def _messages():
    for path in sorted(LIBRARY.rglob("*.py")):
        yield from ((path.name, text) for text in texts_in(ast.parse(path.read_text())))
    for path in sorted((LIBRARY / "widgets").glob("*.js")):
        code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(), flags=re.DOTALL)
        for found in re.findall(r'"([^"\n]* [^"\n]*)"|`([^`]* [^`]*)`', code):
            yield path.name, re.sub(r"\$\{[^}]*\}", " ", "".join(found))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_folder_has_the_glossary_on_one_screen(folder):
    text = (folder / "glossary.md").read_text()
    assert text == (ROOT / "solutions" / folder.name / "glossary.md").read_text()
    assert text == (FOLDERS[0] / "glossary.md").read_text()  # one meaning in every assignment
    lines = text.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 160
    assert sorted(FIXED) == sorted(name.partition(" (")[0] for name in terms(folder))


@each_lesson
def test_every_lesson_leads_to_the_glossary(path):
    cells = nbformat.read(path, as_version=4).cells
    assert any("(glossary.md)" in cell.source for cell in cells[:3])


@each_lesson
def test_a_word_that_a_lesson_explains_is_in_the_glossary(path):
    known = {part for name in terms(path.parent) for part in re.split(r"[ ()]+", name) if part}
    texts = [cell.source for cell in nbformat.read(path, as_version=4).cells]
    explained = re.findall(r"\b(?:a|its|the|called|is|The) \*\*([a-z ]+)\*\*", " ".join(texts))
    assert {word for each in explained for word in each.split()} <= known


def test_every_word_of_the_glossary_is_used_in_a_lesson():
    text = " ".join(text for path in LESSONS for text in lesson_texts(path))
    for name, forms in FIXED.items():
        assert re.search(rf"\b({forms})\b", text, re.IGNORECASE), name


@pytest.mark.parametrize("word", OTHERWISE)
def test_a_word_is_used_in_the_meaning_of_the_glossary_alone(word):
    other = re.compile(OTHERWISE[word], re.IGNORECASE)
    said = [(path.name, text) for path in LESSONS for text in lesson_texts(path)]
    assert len(said) > 100
    assert [each for each in (*said, *messages()) if other.search(each[1])] == []


def test_the_reach_has_one_formula_everywhere():
    formula = re.compile(r"\((k|kernel_size) . 1\) . (d|dilation_rate) \+ 1")
    assert all(formula.search(terms(folder)["reach"]) for folder in FOLDERS)
    said = [text for _, text in messages() if re.search(r"\breach(: |( is)? \()", text)]
    assert said
    assert [text for text in said if not formula.search(text)] == []


def test_another_meaning_would_be_found():
    found = re.compile(OTHERWISE["reach"])
    assert found.search("no window reaches past the end")
    assert found.search("512 numbers reach this layer")
    assert not found.search("use its reach: (kernel_size - 1)")
    assert re.search(OTHERWISE["row"], "a row of seven pixels")
