"""Points that are lost because the sandbox has no network wait for a person."""

import json
from contextlib import ExitStack

import pytest
from course_builder import answered, given, released

from autograder.marking.engine import mark_notebook
from autograder.marking.lacking import lacking
from autograder.marking.worker import LazyRunner

NETWORK = "There is no network while marking"
FAILS = "import socket\nraise socket.gaierror(-3, 'Temporary failure in name resolution')"
SEEN = {
    "URLError: <urlopen error [Errno -3] Temporary failure in name resolution>": NETWORK,
    "ConnectionError: HTTPSConnectionPool(host='x.org', port=443): Max retries": NETWORK,
    "ConnectError: [Errno -2] Name or service not known": NETWORK,
    "OSError: [Errno 101] Network is unreachable": NETWORK,
    "Exception: URL fetch failure on https://x.org/mnist.npz: None": NETWORK,
    "LookupError: Resource 'words' not found. >>> nltk.download('words')": NETWORK,
    "NoSuchProcess: process PID not found (pid=1)": "No process can be looked at while marking",
    "FileNotFoundError: [Errno 2] No such file or directory: '/proc/7/stat'": (
        "No process can be looked at while marking"
    ),
    "FileNotFoundError: [Errno 2] No such file or directory: 'words.txt'": "",
    "URLError: <urlopen error [Errno 111] Connection refused>": "",
    "NameError: name 'network' is not defined": "",
}


@pytest.mark.parametrize("error", SEEN)
def test_an_error_tells_what_is_lacking(error):
    assert lacking(error) == SEEN[error]


@pytest.fixture(scope="module")
def runner():
    with ExitStack() as stack:
        yield LazyRunner(stack, sandbox=False)


@pytest.fixture
def mark(masters, generated_course, runner):
    def marked(answer, above=""):
        notebook = answered(released(generated_course), {"sizes": answer})["1_sizes"]
        if above:
            notebook["cells"].insert(0, given(above))
        data = json.dumps(notebook).encode()
        found = mark_notebook(masters["1_sizes"], data, "ada", runner).notebook
        return next(mark for mark in found.marks if mark.grade_id == "test_sizes")

    return marked


@pytest.mark.parametrize(
    ("answer", "above"),
    [(f"{FAILS}\nsizes = [26, 24, 22]", ""), ("sizes = fetched", f"{FAILS}\nfetched = 1")],
    ids=["in the answer", "above"],
)
def test_a_mark_lost_for_want_of_a_network_is_flagged(mark, answer, above):
    found = mark(answer, above)
    assert (found.points, found.flagged) == (0, True)
    assert f"{NETWORK}." in found.reasons


def test_a_full_mark_is_not_flagged(mark):
    found = mark("sizes = [26, 24, 22]", FAILS)
    assert (found.points, found.flagged) == (3, False)
