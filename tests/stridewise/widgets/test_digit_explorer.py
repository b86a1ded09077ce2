"""DigitExplorer: what Python answers, and what a page shows of it."""

import base64
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_fixtures import open_details, open_widgets
from playwright.sync_api import expect
from tab_key import tab_through

from stridewise.drawn_digits import digit_picture
from stridewise.widgets import DigitExplorer

SEVEN = [[8, 6, 20, 6, 12, 24]]
LESSON = {"valid": {}, "same": {"padding": "same"}, "stride": {"padding": "same", "strides": 2}}


def built(first):
    import keras

    keras.utils.set_random_seed(4)
    layers = [keras.layers.Conv2D(3, 3, activation="relu", **each) for each in (first, {})]
    last = [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    return keras.Sequential([keras.Input((28, 28, 1)), *layers, *last])


@pytest.fixture(scope="module")
def trained():
    return {name: built(first) for name, first in LESSON.items()}


@pytest.fixture(scope="module")
def digits():
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
    return images, np.array([3, 7, 7, 1, 0], np.uint8)


def asked(explorer, **what):
    """Ask as the page does, and return the answer."""
    number = explorer.asked.get("number", 0) + 1
    explorer.set_state({"asked": {"number": number, "strokes": [], "layer": 0, **what}})
    assert explorer.result["number"] == number
    return explorer.result


def numbers_of(shown):
    return np.frombuffer(base64.b64decode(shown["values"]), "<f4").reshape(shown["shape"])


@pytest.mark.parametrize("layer", [0, 1])
def test_the_page_gets_the_maps_and_the_probabilities_of_keras(trained, layer):
    import keras

    result = asked(DigitExplorer(trained), strokes=SEVEN, layer=layer)
    picture = digit_picture([np.reshape(SEVEN[0], (-1, 2))])
    assert result["picture"] == picture.ravel().tolist()
    pixels = (picture[None, ..., None] / 255).astype("float32")
    for said, (name, model) in zip(result["networks"], trained.items(), strict=True):
        maps = keras.Model(model.inputs[0], model.layers[layer].output)(pixels)[0]
        np.testing.assert_array_equal(numbers_of(said["map"]), maps)
        np.testing.assert_allclose(said["probabilities"], model(pixels)[0], atol=1e-6)
        assert (said["name"], said["parameters"]) == (name, model.count_params())
        assert said["says"] == np.argmax(model(pixels)[0])


def test_black_on_white_is_the_picture_turned_round(trained):
    explorer = DigitExplorer(trained)
    white = asked(explorer, strokes=SEVEN)["picture"]
    assert asked(explorer, strokes=SEVEN, dark=True)["picture"] == [255 - one for one in white]


def test_nothing_drawn_is_no_answer(trained):
    result = asked(DigitExplorer(trained))
    assert result == {"number": 1, "problem": "Draw a digit first."}


def test_a_real_digit_is_the_one_that_was_asked_for(trained, digits):
    explorer = DigitExplorer(trained, digits)
    found = asked(explorer, real={"digit": 7, "seed": 3})
    assert found["label"] == 7
    assert found["picture"] == digits[0][2].ravel().tolist()
    assert asked(explorer, real={"digit": 9, "seed": 5})["label"] == 3  # no 9 is there: any
    assert DigitExplorer(trained, (digits[0], digits[1][:2])).real_digits == 0


def test_networks_that_are_trained_later_are_found_at_the_next_question(trained):
    later = {}
    explorer = DigitExplorer(later)
    assert "Not trained yet: valid, same, stride." in explorer.missing[0]
    assert "Not trained yet" in explorer.static_html()
    assert asked(explorer, strokes=SEVEN)["networks"] == []
    later |= trained
    assert len(asked(explorer, strokes=SEVEN)["networks"]) == 3
    assert explorer.missing == []
    assert "<th>stride</th><td>" in explorer.static_html()


JUNK = [None, 7, "valid", [], {"valid": "x"}, {None: None}, {"valid": object()}, len]


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))  # no address: each worker has its own
def test_no_junk_ends_in_a_traceback(junk):
    explorer = DigitExplorer(junk, junk)
    assert explorer.real_digits == 0
    assert explorer.missing
    explorer._repr_mimebundle_()
    assert asked(explorer, strokes=SEVEN)["networks"] == []


@pytest.mark.parametrize("strokes", [[[1]], [["a", "b"]], [[float("nan"), 1]], [[1, 2] * 9000]])
def test_what_is_no_drawing_is_a_sentence(trained, strokes):
    assert "could not be run" in asked(DigitExplorer(trained), strokes=strokes)["problem"]


def test_the_outline_is_where_the_rules_say(javascript):
    padded = [[[0, 0], [0, 0, 0]], [[1, 0, 0, 1], [0, 1]], [[1, 1], [0, 1]]]
    paths = "(axes) => axes.map((axis) => paddedOutline(axis.map((one) => one.map(Boolean))))"
    assert javascript("feature_maps.js", paths, padded) == [
        "",
        "M0 0H2V4H0zM0 1H1V3H0z",
        "M0 0H2V2H0z",
    ]
    count = "(axes) => axes.map((axis) => paddedCount(axis.map((one) => one.map(Boolean))))"
    assert javascript("feature_maps.js", count, padded) == [0, 6, 4]


def test_the_page_reads_the_numbers_that_python_sent(trained, javascript):
    shown = asked(DigitExplorer(trained), strokes=SEVEN)["networks"][2]["map"]
    read = "(shown) => [...oneMap(mapNumbers(shown.values), shown.shape, 2).own]"
    found = np.array(javascript("feature_maps.js", read, shown), "float32")
    np.testing.assert_array_equal(found, numbers_of(shown)[:, :, 2].ravel())


def test_a_chance_is_not_rounded_to_all_or_nothing(javascript):
    chances = javascript("answers.js", "(all) => all.map(chance)", [0, 0.001, 0.5, 0.999, 1])
    assert [one.replace("\N{NO-BREAK SPACE}", "") for one in chances] == [
        "0%",
        "<1%",
        "50%",
        ">99%",
        "100%",
    ]


@pytest.fixture
def opened(page, tmp_path):
    with open_widgets(page, tmp_path) as opening:
        yield opening


ANSWERED = {"strokes": SEVEN, "dark": True}


@pytest.mark.browser
def test_what_the_networks_say_and_their_maps_stand_side_by_side(opened, trained):
    explorer = DigitExplorer(trained)
    said = asked(explorer, **ANSWERED)["networks"]
    page = opened(explorer)
    begin = re.escape(f"valid says {said[0]['says']} (")
    expect(page.locator(".sw-sentence").first).to_have_text(re.compile(f"^{begin}"))
    expect(page.locator(".sw-says").first).to_have_text(str(said[0]["says"]))
    widths = [one.bounding_box()["width"] for one in page.locator(".sw-map-row canvas").all()]
    assert [round(28 * one / widths[0]) for one in widths] == [28, 26, 28, 14]  # at one scale
    expect(page.locator(".sw-outline-over")).to_have_count(2)  # valid saw no zeros
    expect(page.locator(".sw-map-row")).to_contain_text("27 of 196 depend on zeros")
    page.get_by_label("outline the numbers").uncheck()
    expect(page.locator(".sw-outline-over")).to_have_count(0)
    page.get_by_label("filter", exact=True).fill("2")
    label = re.compile("same, filter 2: 28 by 28 numbers")
    expect(page.locator(".sw-map-row canvas").nth(2)).to_have_attribute("aria-label", label)
    open_details(page)
    page.locator(".sw-galleries canvas").first.click(position={"x": 30, "y": 10})
    expect(page.get_by_label("filter", exact=True)).to_have_value("1")


@pytest.mark.browser
def test_a_digit_is_drawn_by_hand_or_by_keys_and_a_page_says_that_no_network_is_there(opened):
    page = opened(DigitExplorer({}))
    pad = page.locator(".sw-pad")
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 50, steps=5)
    page.mouse.up()
    expect(page.locator(".sw-strokes path")).to_have_count(1)
    expect(page.locator(".sw-sentence").first).to_contain_text("Python is not running here")
    pad.focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "Shift+ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.locator(".sw-strokes path").last).to_have_attribute("d", "M14 7L14 8L14 9L18 9")
    expect(page.locator(".sw-pad + .sw-hidden")).to_contain_text("Pen up.")
    page.keyboard.press("Backspace")
    expect(page.locator(".sw-strokes path")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".sw-strokes path")).to_have_count(0)
    expect(page.locator(".sw-sentence").first).to_contain_text("Draw a digit.")


def tidy(words):
    return words.replace("\N{MINUS SIGN}", "-")


SUMS = """([map, picture, places, filter]) => places.map((place) => {
  const layer = { ...map.first, weights: mapNumbers(map.first.weights), filters: map.shape[2] };
  const products = windowProducts(layer, picture, place, filter).flat();
  return products.reduce((sum, { pixel, weight }) => sum + pixel * weight, map.first.bias[filter]);
})"""


def test_the_first_layer_is_multiplied_in_the_page_as_in_keras(trained, javascript):
    shown = asked(DigitExplorer(trained), strokes=SEVEN)
    for said in shown["networks"]:
        places = [[0, 1], [5, 9], [13, 13]]
        sums = javascript("map_products.js", SUMS, [said["map"], shown["picture"], places, 2])
        expected = [numbers_of(said["map"])[row, column, 2] for row, column in places]
        np.testing.assert_allclose(np.maximum(sums, 0), expected, atol=1e-5)


def test_a_later_layer_is_not_multiplied_in_the_page(trained):
    shown = asked(DigitExplorer(trained), strokes=SEVEN, layer=1)
    assert [said["map"]["first"] for said in shown["networks"]] == [None] * 3


@pytest.mark.browser
def test_a_number_of_a_map_shows_its_value_and_the_pixels_that_it_depends_on(opened, trained):
    explorer = DigitExplorer(trained)
    said = asked(explorer, **ANSWERED)["networks"]
    page = opened(explorer)
    words = page.locator(".sw-sentence").last
    expect(words).to_contain_text("Point at a number of a map")
    for i, (name, pixels) in enumerate(
        [
            ("valid", "rows 0 to 2 and columns 1 to 3 of the picture."),
            ("same", "rows 0 to 1 and columns 0 to 2 of the picture, and on zeros of the padding."),
            ("stride", "rows 0 to 2 and columns 2 to 4 of the picture."),
        ]
    ):
        page.locator(".sw-map-row .sw-cursor").nth(i).focus()
        for key in ("Home", "PageUp", "ArrowRight"):
            page.keyboard.press(key)
        value = float(f"{numbers_of(said[i]['map'])[0, 1, 0]:.3g}")
        start = f"{name}, filter 0: the number at row 0, column 1 is {value:g}. It depends on "
        expect(words).to_have_text(start + pixels)
        expect(page.locator(".sw-multiply span")).to_have_count(9)
        padding = page.locator(".sw-multiply .sw-of-zero")
        expect(padding).to_have_count(3 if name == "same" else 0)
        factors = page.locator(".sw-multiply small").all_inner_texts()
        pairs = [map(float, re.split(r"[^-\d.]+", tidy(each))) for each in factors]
        total = sum(pixel * weight for pixel, weight in pairs)  # there is no bias yet
        assert max(total, 0) == pytest.approx(value, abs=0.02)
        expect(page.get_by_text("The 9 products add up to")).to_have_count(1)
    expect(page.locator(".sw-mark-over")).to_have_count(2)  # the number, and its pixels
    box = page.locator(".sw-map-row canvas").nth(1).bounding_box()  # the first is the picture
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2)
    expect(words).to_contain_text("valid, filter 0: the number at row 25, column 25")
    page.get_by_label("filter", exact=True).fill("1")
    expect(words).to_contain_text("valid, filter 1: the number at row 25, column 25")


@pytest.mark.browser
def test_the_tab_key_reaches_every_control_of_an_answered_digit(opened, trained, digits):
    explorer = DigitExplorer(trained, digits)
    asked(explorer, **ANSWERED)
    tab_through(opened(explorer))


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 800, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark", "forced"])
def test_no_one_is_shut_out(opened, page, trained, digits, scheme, width):
    forced = scheme == "forced"
    page.emulate_media(
        color_scheme="light" if forced else scheme, forced_colors="active" if forced else "none"
    )
    page.set_viewport_size({"width": width, "height": 900})
    answered = DigitExplorer(trained, digits)
    asked(answered, **ANSWERED)
    opened(answered, DigitExplorer({}))
    open_details(page)
    page.locator(".sw-map-row .sw-cursor").first.focus()
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    maps = [one.bounding_box() for one in page.locator(".sw-map-row canvas").all()]
    assert maps[0]["x"] < maps[1]["x"]
    assert maps[2]["x"] < maps[3]["x"]
    assert (maps[2]["y"] > maps[0]["y"]) == (
        width < 600
    )  # the picture and three maps: two in a row
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
