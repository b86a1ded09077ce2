"""Widgets to see and to touch: one convolution, a whole network, and questions to practise on.

They are drawn in the browser, so that moving a control never waits for Python. `save_page` writes
them into one HTML file that opens without Jupyter.
"""

from stridewise.widgets.explorer import Explorer
from stridewise.widgets.page import save_page
from stridewise.widgets.practice import Practice
from stridewise.widgets.stack_explorer import StackExplorer

__all__ = ["Explorer", "Practice", "StackExplorer", "save_page"]
