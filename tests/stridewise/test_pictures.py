import base64
import re

import pytest
from matplotlib.figure import Figure

from stridewise.pictures import picture


def test_a_picture_says_its_alternative_text_wherever_it_shows():
    shown = picture(Figure(), alt='A "plot" of <nothing>.')
    assert repr(shown) == 'Picture: A "plot" of <nothing>.'
    assert 'alt="A &quot;plot&quot; of &lt;nothing&gt;."' in shown._repr_html_()


def test_a_picture_is_a_png_inside_its_page():
    data = re.search(r"base64,([^\"]+)", picture(Figure(), alt="Nothing.")._repr_html_())[1]
    assert base64.b64decode(data).startswith(b"\x89PNG")


@pytest.mark.parametrize("alt", ["", "  "])
def test_a_picture_without_alternative_text_is_refused(alt):
    with pytest.raises(ValueError, match="needs alternative text"):
        picture(Figure(), alt=alt)
