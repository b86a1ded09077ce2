"""The widgets as VS Code loads them: modules of a blob, in a page with another base address.

anywidget's front end imports each module from a blob. VS Code shows outputs in a page whose `base`
is another address than its own. The policy here is the one that VS Code has behind a setting, and
`blob:`, without which anywidget itself could not start; by default VS Code has none.
"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from stridewise import widgets
from stridewise.widgets import (
    ConeExplorer,
    DigitExplorer,
    Explorer,
    Guess,
    Practice,
    StackExplorer,
)
from stridewise.widgets.assets import module, styles

pytestmark = pytest.mark.browser

WEBVIEW = "https://webview.invalid/"
POLICY = (
    "default-src 'none'; script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' https: http: data:; "
    "font-src 'self' https:; connect-src https:; child-src https: data:"
)
DARK = "--vscode-editor-foreground: #ccc; --vscode-editor-background: #1f1f1f; background: #1f1f1f"
PAGE = f"""<!doctype html><html lang="en"><head><title>outputs</title>
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<base href="https://elsewhere.invalid/folder/"></head>
<body data-vscode-theme-kind="vscode-dark" style="{DARK}"><main></main></body></html>"""
# As anywidget does it: the style sheet in a style element, the module from a blob.
LOAD = """async ([code, css, state, model]) => {
  const blob = (text) => new Blob([text], { type: "text/javascript" });
  const imported = (text) => import(URL.createObjectURL(blob(text)));
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const { pageModel } = await imported(model);
  const { default: widget } = await imported(code);
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  window.model = pageModel(state);
  window.stop = widget.render({ model: window.model, el });
}"""


@pytest.fixture
def loaded(page):
    """Give what loads a widget; fail on an error, a breach of the policy, and any request."""
    troubles = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)

    def answer(route):
        if route.request.url == WEBVIEW:
            return route.fulfill(body=PAGE, content_type="text/html")
        troubles.append(route.request.url)
        return route.abort()

    page.route("**/*", answer)

    def load(widget):
        page.goto(WEBVIEW)
        model = Path(widgets.__file__).with_name("page.js").read_text()
        css = styles()
        page.evaluate(LOAD, [module(widget.script), css, widget.own_traits(), model])
        page.locator(".sw").wait_for()
        return page

    yield load
    page.evaluate("window.stop()")
    assert troubles == []


def explorer(page):
    page.get_by_label("strides", exact=True).fill("3")
    page.locator(".sw-sentence", has_text="45 pixels are never read.").wait_for()


def stack(page):
    page.get_by_label("strides of conv2d", exact=True).first.fill("2")
    page.locator(".sw-layer-shape", has_text="→ 13").first.wait_for()


def practice(page):
    page.get_by_label("parameters of the layer").fill("1")
    page.keyboard.press("Enter")
    page.locator(".sw-verdict", has_text="You have 2 more tries.").wait_for()


def cone(page):
    page.get_by_role("button", name="same").click()
    page.locator(".sw-sentence", has_text="of conv2d_2 sees 7 pixels").wait_for()


def guess(page):
    page.get_by_label("How many?").fill("3")
    page.keyboard.press("Enter")
    page.locator(".sw-guess", has_text="Your first guess: 3").wait_for()


def digit(page):
    page.locator(".sw-pad").focus()
    for key in ("Space", "ArrowDown", "Space"):
        page.keyboard.press(key)
    assert page.locator(".sw-strokes path").count() == 1
    assert page.evaluate("window.model.get('asked').strokes") == [[14, 7, 14, 8]]


USED = {
    "explorer": (lambda: Explorer(input_size=9, kernel_size=2), explorer),
    "stack": (lambda: StackExplorer("valid"), stack),
    "practice": (lambda: Practice(seed=0, topics=["parameters"]), practice),
    "cone": (lambda: ConeExplorer("stride", presets=["same"]), cone),
    "guess": (lambda: Guess("How many?"), guess),
    "digit": (lambda: DigitExplorer({}), digit),
}


@pytest.mark.parametrize(
    "name",
    [
        "explorer",
        *(pytest.param(name, marks=pytest.mark.slow) for name in USED if name != "explorer"),
    ],
)
def test_a_widget_works_in_a_page_like_that_of_vs_code(loaded, name):
    make, use = USED[name]
    page = loaded(make())
    use(page)
    ground = page.evaluate("getComputedStyle(document.querySelector('.sw')).backgroundColor")
    assert ground == "rgb(31, 31, 31)"
    found = Axe().run(page, context=".sw")
    assert found.violations_count == 0, found.generate_report()


def test_the_hatching_does_not_depend_on_the_base_address(loaded):
    page = loaded(Explorer(input_size=9, kernel_size=2, strides=3))
    drawing = page.locator(".sw-grid.sw-input").first
    with_base = drawing.screenshot()
    page.evaluate("document.querySelector('base').remove()")
    assert drawing.screenshot() == with_base
    drawing.locator(".sw-unread").evaluate("(one) => one.remove()")
    assert drawing.screenshot() != with_base
