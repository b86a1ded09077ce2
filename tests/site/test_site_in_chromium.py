"""The site in a real Chromium, served from loopback, with every other address blocked."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_fixtures import new_page
from playwright.sync_api import expect
from site_fixtures import serving

from autograder.site.answers import reply
from stridewise.keras_lines import read_network

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = ("explorer", "network", "practice", "predict", "own", "lecture", "progress")
# Keeps what goes to Python and what comes back, so that a test can ask the same here.
LISTEN = """
window.talks = [];
const send = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message) {
  const talk = { request: message.request };
  window.talks.push(talk);
  this.addEventListener("message", ({ data }) => {
    if (data.id === message.id) talk.reply = data.reply;
  });
  return send.call(this, message);
};
"""


@pytest.fixture(scope="module")
def address(built_site):
    with serving(built_site) as found:
        yield found


@pytest.fixture
def site(chromium, address):
    """A page of a fresh browser profile in which only the site's own address can be reached."""
    asked, errors = [], []
    size = {"width": 390, "height": 800}
    with new_page(chromium, viewport=size, accept_downloads=True) as page:
        page.context.route(
            lambda url: not url.startswith(address),
            lambda route: (asked.append(route.request.url), route.abort()),
        )
        page.add_init_script(LISTEN)
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
    assert not errors
    assert all(url.startswith(("data:", "blob:")) for url in asked), asked


def open_page(page, address, place):
    page.goto(f"{address}index.html#{place}")
    page.wait_for_selector(f"#page-{place.partition('?')[0]}:not([hidden])")


def ready(page):
    page.wait_for_selector("#python[hidden]", state="attached")


def test_a_link_carries_its_state_and_refuses_nonsense(site, address):
    open_page(site, address, "explorer?input=9&kernel=5&strides=2&padding=same")
    sentence = site.locator("#page-explorer .sw-sentence").first
    expect(sentence).to_contain_text("9")
    expect(sentence).to_contain_text("5")
    open_page(site, address, "explorer?input=<script>&kernel=99&padding=evil")
    expect(site.locator("#page-explorer .sw")).to_have_count(1)


def test_ten_wrong_answers_are_explained_as_python_here_explains_them(site, address):
    open_page(site, address, "practice?seed=5&topic=size&padding=valid&strides=1")
    ready(site)
    for _ in range(10):
        given = site.locator("#page-practice .sw-given").inner_text()
        network = read_network(given)
        (row,) = network.rows
        layer = network.layers[0]
        wrong = network.input_shape[1] - layer.config["kernel_size"][0]  # forgets the + 1
        assert row.output_shape[1] != wrong
        box = site.locator("#page-practice .sw-answer input").first
        box.fill(str(wrong))
        box.press("Enter")
        site.get_by_role("button", name="Show the working").click()
        site.locator("#page-practice .sw-diagnosis table").wait_for()
        site.locator("#page-practice .sw-next").click()
    site.wait_for_function("window.talks.every((talk) => talk.reply !== undefined)")
    talks = site.evaluate("window.talks")
    assert len(talks) >= 10
    for talk in talks:
        assert json.loads(talk["reply"]) == json.loads(reply(talk["request"]))


def test_a_whole_network_is_predicted_and_compared(site, address):
    open_page(site, address, "predict?lesson=same")
    site.get_by_label("conv2d: output shape").fill("26, 26, 32")
    site.get_by_role("button", name="Compare").click()
    expect(site.locator("#page-predict").get_by_text("differs")).not_to_have_count(0)


def test_own_lines_of_keras_are_read_right_or_refused_in_words(site, address):
    open_page(site, address, "own")
    site.get_by_label("Your layers").fill("keras.Input(shape=(8, 8, 3))\nConv2D(4, 3, strides=2)")
    site.get_by_role("button", name="Show its rows").click()
    expect(site.locator("#page-own").get_by_text("(None, 3, 3, 4)").first).to_be_visible()
    site.get_by_label("Your layers").fill("Conv2D(4, 3)\nimport os; os.remove('x')")
    site.get_by_role("button", name="Show its rows").click()
    expect(site.locator("#page-own .error")).to_contain_text("line 2")


def test_it_opens_again_without_a_network(site, address):
    open_page(site, address, "practice")
    ready(site)
    site.evaluate("navigator.serviceWorker.ready.then(() => true)")
    site.context.set_offline(True)
    site.reload()
    site.wait_for_selector("#page-practice:not([hidden]) .sw")
    ready(site)
    site.context.set_offline(False)


def test_a_browser_offers_to_install_it(site, address):
    open_page(site, address, "explorer")
    site.evaluate("navigator.serviceWorker.ready.then(() => true)")
    problems = site.context.new_cdp_session(site).send("Page.getInstallabilityErrors")
    names = {problem["errorId"] for problem in problems["installabilityErrors"]}
    assert names <= {"in-incognito"}  # a test's profile is a private one


def test_progress_is_saved_to_a_file_and_read_back(site, address, tmp_path):
    open_page(site, address, "progress")
    kept = {"kind": "stridewise progress", "answered": 7, "right": 5, "level": 2, "seed": 1}
    kept["ideas"] = {"asked": 7, "ideas": {"forgets_plus_one": {"step": 1, "due": 9}}}
    (tmp_path / "mine.json").write_text(json.dumps(kept))
    site.get_by_label("Read a saved file").set_input_files(tmp_path / "mine.json")
    expect(site.locator("#page-progress")).to_contain_text("5 of 7 right so far; level 2")
    with site.expect_download() as download:
        site.get_by_role("button", name="Save as a file").click()
    saved = json.loads(download.value.path().read_text())
    assert {name: saved[name] for name in kept} == kept
    (tmp_path / "other.json").write_text(json.dumps(kept | {"right": 9}))
    site.get_by_label("Read a saved file").set_input_files(tmp_path / "other.json")
    said = site.locator("#page-progress [role=status]")
    expect(said).to_contain_text("is not a progress file")


def test_practice_begins_with_an_idea_that_is_not_settled_and_shows_which_are(site, address):
    layer = {"size": 19, "kernel_size": 5, "strides": 2, "padding": "valid", "dilation_rate": 1}
    kept = {"kind": "stridewise progress", "answered": 7, "right": 5, "level": 2, "seed": 1}
    kept |= {"number": 8, "beginning": layer}
    kept["ideas"] = {"asked": 7, "ideas": {"forgets_plus_one": {"step": 1, "due": 90}}}
    open_page(site, address, "progress")
    site.evaluate("kept => localStorage.setItem('stridewise-progress', kept)", json.dumps(kept))
    open_page(site, address, "practice")
    given = site.locator("#page-practice .sw-given")
    assert "(19, 19," in given.inner_text()
    assert "strides=2" in given.inner_text()
    site.locator("#page-practice").get_by_text("1 idea to practise, 0 settled").wait_for(
        timeout=60_000
    )


def test_a_lecture_shows_the_answer_and_the_usual_mistakes_on_a_key(site, address):
    open_page(site, address, "lecture?topic=size&seed=3&padding=valid&strides=1")
    site.keyboard.press(" ")
    expect(site.locator(".lecture")).to_contain_text("Did you get one of these?")
    site.keyboard.press("ArrowRight")
    expect(site.locator(".lecture strong").first).to_contain_text("Question 2.")


def test_without_webassembly_the_questions_still_work_and_the_page_says_what_is_missing(
    site, address
):
    site.add_init_script("delete window.WebAssembly")
    open_page(site, address, "practice?seed=5&topic=size")
    expect(site.locator("body")).to_contain_text("does not run WebAssembly")
    expect(site.locator("#page-practice .sw-answer input")).not_to_have_count(0)


def test_without_javascript_it_says_so_and_shows_the_pictures(chromium, address):
    with new_page(chromium, java_script_enabled=False) as page:
        page.goto(f"{address}index.html")
        expect(page.locator("body")).to_contain_text("needs JavaScript", use_inner_text=True)
        expect(page.locator("#page-explorer svg, #page-explorer table")).not_to_have_count(0)


LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active", "reduced_motion": "reduce"},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("place", PAGES)
def test_everyone_can_use_it_on_a_phone(site, address, place, look):
    site.set_viewport_size({"width": 360, "height": 740})
    site.emulate_media(**LOOKS[look])
    open_page(site, address, place)
    wide = site.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    found = Axe().run(site)
    assert not found.response["violations"], found.generate_report()
