"""nbgrader is imported without its server extensions; they are there when a server asks."""

import subprocess
import sys

import pytest

_CODE = """
from autograder.course.nbgrader_start import lighter_start

with lighter_start():
    import nbgrader.coursedir
    import nbgrader.api
import sys

late = ("nbconvert", "isoduration", "nbformat", "requests", "setuptools")
print(*(name in sys.modules for name in late))
import nbgrader.server_extensions.formgrader as real

print(real.__file__ is not None, hasattr(real, "load_jupyter_server_extension"))
"""


@pytest.mark.slow
def test_only_a_server_imports_the_server_extensions_of_nbgrader():
    line = [sys.executable, "-W", "ignore", "-c", _CODE]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    assert said.split() == [*["False"] * 5, "True", "True"]


_UNPACKED = """
import sys, zipfile
from autograder.course.nbgrader_start import lighter_start

with lighter_start():
    import nbgrader.utils
with zipfile.ZipFile("work.zip", "w") as file:
    file.writestr("a.txt", "text")
nbgrader.utils.unpack_archive(
    "work.zip", "out", drivers=(nbgrader.utils.unpack_zipfile, nbgrader.utils.unpack_tarfile)
)
print(open("out/a.txt").read(), type(nbgrader.utils.NotebookNode(a=1)).__module__)
"""


@pytest.mark.slow
def test_what_was_not_imported_with_nbgrader_is_there_when_it_is_called(tmp_path):
    line = [sys.executable, "-W", "ignore", "-c", _UNPACKED]
    said = subprocess.run(line, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert said.split() == ["text", "nbformat.notebooknode"]
