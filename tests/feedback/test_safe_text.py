"""Markdown, formulas, code and outputs of somebody else's, as HTML that is safe."""

import pytest

from autograder.feedback.code import highlighted
from autograder.feedback.markdown import rendered
from autograder.feedback.mathml import formula
from autograder.feedback.outputs import Budget, saved_outputs

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](https://elsewhere.example/p.png)",
    "<svg><a href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "$\\text{<script>alert(1)</script>}$",
    "$\\href{javascript:alert(1)}{x}$",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<a title=\'<span data-math="0"></span>\' href=x>$"onmouseover=alert(1)$</a>',
    "```python\n<script>alert(1)</script>\n```",
    "<style>@import 'https://elsewhere.example'</style>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_markup_of_a_students_can_act(text):
    made = str(rendered(text)).lower()
    for tag in ("<script", "<svg", "<style", "<iframe", "<form", "<noscript"):
        assert tag not in made
    assert "elsewhere.example" not in made
    opened = [part.split(">")[0] for part in made.split("<")[1:]]
    assert not any(
        " on" in each.split('"')[0] or "javascript:" in each.split('alttext="')[0]
        for each in opened
    )


def test_markdown_of_every_day_is_kept():
    made = rendered("**b** `c`\n\n| a | b |\n|---|---|\n| 1 | $x^2$ |\n\n- one\n- two\n")
    for part in ("<strong>b</strong>", "<code>c</code>", "<td>1</td>", "<msup>", "<li>two</li>"):
        assert part in made


def test_two_prices_are_no_formula():
    assert "<math" not in rendered("It costs $5 and $6.")


def test_a_formula_names_its_source_for_a_screen_reader():
    assert 'alttext="\\frac{n}{2}"' in formula("\\frac{n}{2}")


@pytest.mark.parametrize("broken", ["\\frac{", "{", "\\begin{matrix} 1", "}" * 50, "{" * 5000])
def test_a_formula_that_cannot_be_read_is_shown_as_its_source(broken):
    made = formula(broken)
    assert made.startswith(("<code>$", "<math"))


def test_a_formula_can_be_a_block_with_rows():
    made = rendered("$$\n\\begin{matrix} a & b \\\\ c & d \\end{matrix}\n$$")
    assert made.count("<mtr>") == 2
    assert 'display="block"' in made


def test_quotes_within_quotes_do_not_stop_a_page():
    assert "deep" in rendered(">" * 3000 + " deep")


def test_code_is_text_whatever_it_holds():
    assert highlighted("x = '</pre><script>'").count("<script") == 0


@pytest.mark.parametrize(
    "output",
    [
        None,
        3,
        {"output_type": "stream", "text": 5},
        {"output_type": []},
        {"data": {"text/html": {}}},
    ],
)
def test_outputs_of_any_form_are_read_as_data(output):
    assert saved_outputs([output], Budget()) == []


def test_a_table_keeps_its_cells_and_loses_its_style():
    table = (
        "<style>td {position: fixed}</style><table><tr><td style='x' colspan=2>1</td></tr></table>"
    )
    output = {"output_type": "execute_result", "data": {"text/html": table}}
    said, made = saved_outputs([output], Budget())
    assert "not from a run here" in said
    assert '<td colspan="2">1</td>' in made
    assert "style" not in made


def test_a_widget_of_the_lessons_says_nothing_in_words():
    view = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Explorer()"}
    output = {"output_type": "display_data", "data": view}
    assert saved_outputs([output], Budget(), quiet=True) == []


def test_colours_of_a_terminal_are_left_out():
    error = {"output_type": "stream", "text": "\x1b[31mred\x1b[0m"}
    assert ">red</pre>" in saved_outputs([error], Budget())[1]
