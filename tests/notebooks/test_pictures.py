"""Pictures pasted into a student's text, under whatever name her computer gave them."""

import unicodedata

import pytest
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.notebooks.pictures import pictures_of, plainly_named

PNG = {"image/png": "iVBORw0KGgo="}


def shown(source, pictures):
    renderer = IPythonRenderer(escape=False, attachments=dict(pictures))
    return MarkdownWithMath(renderer=renderer).render(source)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("plot.png", "plot.png"),
        ("my plot.png", "my%20plot.png"),
        ("my plot.png", "my plot.png"),
        ("größe.png", "größe.png"),
        ("größe.png", "gr%C3%B6%C3%9Fe.png"),
        (unicodedata.normalize("NFD", "größe.png"), "größe.png"),
        ("图 1.png", "%E5%9B%BE%201.png"),
        ("image (1).png", "image%20%281%29.png"),
    ],
)
def test_a_picture_is_shown_whatever_its_name(name, written):
    source, pictures = plainly_named(f"![a](attachment:{written}) text", pictures_of({name: PNG}))
    assert '<img src="data:image/png;base64,iVBORw0KGgo="' in shown(source, pictures)


def test_a_picture_between_angle_brackets_is_shown():
    source, pictures = plainly_named("![a](<attachment:my plot.png>)", {"my plot.png": PNG})
    assert "iVBORw0KGgo" in shown(source, pictures)


def test_two_pictures_stay_two():
    both = {"a b.png": PNG, "a  b.png": {"image/jpeg": "/9j/"}}
    source, pictures = plainly_named("![](attachment:a%20b.png)![](attachment:a%20%20b.png)", both)
    assert shown(source, pictures).count("<img") == len(pictures) == 2
    assert "image/jpeg" in shown(source, pictures)


@pytest.mark.parametrize(
    "attached",
    [{"a.svg": {"image/svg+xml": "<svg/>"}}, {"a.png": {"image/png": "<b>"}}, {"a\n": PNG}, [], 3],
)
def test_nothing_but_pictures_is_kept(attached):
    assert pictures_of(attached) == {}
