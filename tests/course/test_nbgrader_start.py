"""nbgrader is imported without its server extensions; they are there when a server asks."""

import subprocess
import sys

_CODE = """
from autograder.course.nbgrader_start import lighter_start

with lighter_start():
    import nbgrader.coursedir
import sys

print("nbconvert" in sys.modules, "isoduration" in sys.modules)
import nbgrader.server_extensions.formgrader as real

print(real.__file__ is not None, hasattr(real, "load_jupyter_server_extension"))
"""


def test_only_a_server_imports_the_server_extensions_of_nbgrader():
    line = [sys.executable, "-W", "ignore", "-c", _CODE]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "False", "True", "True"]
