"""A notebook with widgets as a plain page: a picture and a table stand where they stood."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

CODE = """from stridewise.widgets import Explorer, Practice, StackExplorer
display(Explorer(input_size=6, strides=2), StackExplorer("stride"), Practice())"""


@pytest.fixture(scope="module")
def html():
    """What `nbconvert --to html` makes of a saved notebook; JupyterLab saves no widget state."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    NotebookClient(book, kernel_name="python3", store_widget_state=False, timeout=120).execute()
    return HTMLExporter().from_notebook_node(book)[0]


def test_a_convolution_is_a_picture_and_a_table(html):
    assert 'alt="The input, 6 x 6, with its first window. No padding."' in html
    assert "<th>output</th><td>2 x 2</td>" in html


def test_a_network_is_a_table(html):
    assert "<th>conv2d</th><td>Conv2D</td><td>(None, 14, 14, 32)</td><td>320</td>" in html
    assert "85,770" in html


def test_practice_says_where_to_practise(html):
    assert "Open this notebook in Jupyter to answer" in html
