"""A student's text as formgrader and nbgrader's feedback show it: where its links lead."""

import itertools

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from autograder.notebooks.harmless import unsafe_parts
from autograder.notebooks.marked import harmless

TARGETS = [
    "javascript:alert(1)",
    r"javascript\:alert(1)",
    r"JaVaScRiPt\:alert(1)",
    r"java\script\:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#106;avascript:alert(1)",
    "&amp;#106;avascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "<javascript:alert(1)>",
    r"<javascript\:alert(1)>",
    "vbscript:x",
    r"vbscript\:x",
    "data:text/html,<script>alert(1)</script>",
    r"data\:text/html;base64,PHNjcmlwdD4=",
    "data:image/svg+xml;base64,PHN2Zz4=",
    "file:///etc/passwd",
    r"file\:///etc/passwd",
    "blob:x",
    r"blob\:x",
    r"x\:y",
    "intent:x",
    r"attachment\:gone.png",
]
PLACES = [
    "[x]({})",
    "![x]({})",
    '[x]({} "title")',
    "[x](\n{})",
    "[x][r]\n\n[r]: {}\n",
    "[r]\n\n[r]:\n{}\n",
    "[r]\n\n> [r]:\n> {}\n",
    "![x][r]\n\n[r]: {} 'title'\n",
    "- a\n  - [x]({})\n",
    "- [ ] [x]({})\n",
    "| a | b |\n| - | - |\n| [x]({}) | ![y]({}) |\n",
    "> [x]({})",
    "term\n: [x]({})\n",
    "# [x]({})",
    "**[x]({})** ~~[y]({})~~",
    "[![x]({})]({})",
    "$a` $ [x]({}) `$",
    "`a` [x]({}) `b`",
    "<{}>",
    "{}",
]


@pytest.mark.parametrize("place", PLACES)
def test_no_link_of_a_students_leads_anywhere_but_the_web(place):
    for target in TARGETS:
        text = harmless(place.replace("{}", target))
        assert unsafe_parts(markdown2html_mistune(text)) == [], (place, target)


def test_what_is_looked_at_is_what_nbconverts_own_exporter_makes():
    texts = [
        place.replace("{}", target)
        for place, target in itertools.product(PLACES, TARGETS)
        if "attachment" not in target
    ]
    hostile, safe = (
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(change(t)) for t in texts])
        for change in (str, harmless)
    )
    exporter = HTMLExporter(template_name="basic", exclude_anchor_links=True)
    assert len(unsafe_parts(exporter.from_notebook_node(hostile)[0])) > 100
    assert unsafe_parts(exporter.from_notebook_node(safe)[0]) == []


MARKS = ["[", "]", "(", ")", "](", "]:", "[r]", "[r]:", ":", "\\", "\\:", "<", ">", "!", "`", "$"]
MORE_MARKS = ["```", "$$", "|", "-", "&", "#58;", "^", "*", "~~", "\\begin{a}", "\\end{a}"]
WORDS = ["x", "javascript", "data", "https://a.b", "mermaid", r"(javascript\:a)"]
SPACES = [" ", "\t", "\n", "\n\n", "    ", "> ", "- "]
PIECES = st.sampled_from([*MARKS, *MORE_MARKS, *WORDS, *SPACES])


@settings(deadline=None, derandomize=True, max_examples=400)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_no_text_makes_a_link_that_is_not_allowed(text):
    assert unsafe_parts(markdown2html_mistune(harmless(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://keras.io/api/#x) and [b](mailto:a@b.org), [c](#part-2), [d](plots/a.png)",
        "[a][r]\n\n[r]: https://keras.io\n",
        "![p](https://a.org/p.png) <3 a < b",
        "a[0](x) and d[1]: 2",
        "The scheme file: is no link, nor is `data:` here",
        "$\\frac{a}{b}$ and [26, 24]: sizes",
    ],
)
def test_an_honest_text_is_left_as_it_is(text):
    assert harmless(text) == text


def test_an_honest_link_beside_an_odd_one_stays():
    text = harmless(r"[a](https://a.org) [b](file\:///x)")
    assert text == r"[a](https://a.org) [b] (file\:///x)"


@pytest.mark.parametrize("text", ["```mermaid\nA-->B\n```", "~~~ Mermaid\nA\n~~~"])
def test_a_diagram_is_shown_as_its_text(text):
    assert unsafe_parts(markdown2html_mistune(harmless(text))) == []


@pytest.mark.parametrize("command", ["href", "url", "require", "style"])
def test_a_formula_makes_no_link(command):
    assert rf"\{command}" not in harmless(rf"$\{command}{{file:x}}{{y}}$")
