"""The pages in a real Chromium: nothing of a student's runs, nothing is asked for, all can read."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_fixtures import all_pictures_tried, new_page, open_details
from course_builder import ASSIGNMENT, WRONG, cell_of, given, hand_in
from hand_marks import mark_by_hand
from notebooks.scripts_in_pages import HTML, PAGES

from autograder.course.course import open_course
from autograder.feedback.make import make_feedback
from autograder.marking.class_run import grade_class

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]
ELSEWHERE = "http://127.0.0.1:9/x.png"
TEXTS = [
    f"![a]({ELSEWHERE}) <img src={ELSEWHERE}> <iframe src={ELSEWHERE}></iframe>",
    f'<link rel=stylesheet href="{ELSEWHERE}"><style>@import "{ELSEWHERE}"</style>',
    f'<meta http-equiv=refresh content="0;url={ELSEWHERE}"><base href="{ELSEWHERE}">',
    "[x](javascript\\:alert(1)) [y](vbscript:x) [z](data:text/html,a) [r]\n\n[r]: javascript:a",
    f"<form action={ELSEWHERE}><button>go</button></form><object data={ELSEWHERE}></object>",
    '<svg onload=alert(1)><script>alert(1)</script></svg><math href="javascript:alert(1)">x</math>',
    '<p title=\'<span data-math="0"></span>"><img src=x onerror=alert(1)>\'>$a$</p>',
    r"$\text{<img src=x onerror=alert(1)>}$ $\href{javascript:alert(1)}{x}$ $\style{x}{y}$",
    "<details open ontoggle=alert(1)>x</details><p style='position:fixed;inset:0'>cover</p>",
]
OUTPUTS = [
    {"output_type": "display_data", "metadata": {}, "data": {"text/html": HTML}},
    {"output_type": "display_data", "metadata": {}, "data": {"text/html": TEXTS[0] + TEXTS[5]}},
    {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": TEXTS[5]}},
    {"output_type": "display_data", "metadata": {}, "data": {"image/png": '"><script>alert(1)'}},
    {"output_type": "display_data", "metadata": {}, "data": {"application/javascript": "alert(1)"}},
    {"output_type": "error", "ename": HTML, "evalue": HTML, "traceback": [HTML]},
    {"output_type": "stream", "name": "stdout", "text": HTML},
]


def hostile(notebooks):
    cells = notebooks["1_sizes"]["cells"]
    cells += [*PAGES.values(), *(given(text, "markdown") for text in TEXTS)]
    cells.append(given("show()") | {"outputs": OUTPUTS})
    cell_of(notebooks["1_sizes"], "sizes")["outputs"] = OUTPUTS
    cell_of(notebooks["1_sizes"], "why")["source"] = "\n\n".join([HTML, *TEXTS])


@pytest.fixture(scope="module")
def made(generated_course, tmp_path_factory):
    """The pages of one who put scripts wherever a notebook takes text, and of one who erred."""
    root = shutil.copytree(generated_course, tmp_path_factory.mktemp("pages") / "course")
    hand_in(root, "eve", WRONG | {"sizes": f"sizes = [{HTML!r}, 2, 3]"}, hostile)
    hand_in(root, "ben", WRONG | {"why": "Because of $\\frac{a}{b}$."})
    course = open_course(root)
    grade_class(course, ASSIGNMENT, processes=1)
    mark_by_hand(root, "eve", "1_sizes", "why", 1, f"No. {HTML}")
    make_feedback(course, ASSIGNMENT)
    return root / "feedback"


def test_no_script_of_a_students_runs_and_no_request_leaves(made, page):
    said, asked = [], []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    for file in sorted((made / "eve" / ASSIGNMENT).glob("*.html")):
        asked.clear()
        page.goto(file.as_uri(), wait_until="load")
        open_details(page)
        all_pictures_tried(page)
        outside = [url for url in asked if not url.startswith("data:")]
        assert outside == [file.as_uri()]
    assert said == []


def test_nothing_of_a_students_can_run_even_without_the_policy(made, page):
    """The allow-list alone must do: a mail program or a platform may drop the policy."""
    for file in sorted((made / "eve" / ASSIGNMENT).glob("*.html")):
        page.goto(file.as_uri())
        handlers = (
            "all => all.flatMap(e => [...e.attributes]).filter(a => /^on|^style$/.test(a.name))"
        )
        assert page.locator("body *").evaluate_all(handlers + ".map(a => a.name)") == []
        banned = "script, iframe, object, embed, form, input, button, link, base, body style"
        assert page.locator(banned).count() == 0
        links = page.locator("a[href]").evaluate_all("all => all.map(a => a.protocol)")
        assert set(links) <= {"file:", "http:", "https:", "mailto:"}
        pictures = page.locator("img[src]").evaluate_all("all => all.map(i => i.src.slice(0, 11))")
        assert set(pictures) <= {"data:image/"}


@pytest.mark.parametrize(
    "look", ["light", *(pytest.param(look, marks=pytest.mark.slow) for look in ("dark", "forced"))]
)
def test_axe_finds_nothing(made, chromium, look):
    scheme = "dark" if look == "dark" else "light"
    forced = "active" if look == "forced" else "none"
    files = [
        *(made / "ben" / ASSIGNMENT).glob("*.html"),
        made / "eve" / ASSIGNMENT / "1_sizes.html",
    ]
    with new_page(chromium, color_scheme=scheme, forced_colors=forced) as page:
        for file in files:
            # Axe is a script of its own, which the page's policy would rightly stop.
            page.set_content(file.read_text().replace("Content-Security-Policy", "X-Policy"))
            open_details(page)
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], file.name


@pytest.mark.parametrize("width", [360, pytest.param(1600, marks=pytest.mark.slow)])
def test_a_page_fits_the_window(made, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for file in (made / "ben" / ASSIGNMENT).glob("*.html"):
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_formula_is_drawn_with_no_script(made, page):
    page.goto((made / "ben" / ASSIGNMENT / "1_sizes.html").as_uri())
    fraction = page.locator("math mfrac")
    assert fraction.count() == 1
    above, below = (part.bounding_box() for part in fraction.locator("> *").all())
    assert above["y"] + above["height"] <= below["y"] + 1


def test_every_link_within_a_page_leads_somewhere(made, page):
    for file in (made / "ben" / ASSIGNMENT).glob("*.html"):
        page.goto(file.as_uri())
        dead = "all => all.filter(a => a.hash && a.pathname == location.pathname"
        dead += " && !document.getElementById(a.hash.slice(1))).map(a => a.hash)"
        assert page.locator("a[href]").evaluate_all(dead) == []
