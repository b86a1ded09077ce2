"""What the words of an error say is missing while marking."""

import pytest

from autograder.marking.lacking import lacking

NETWORK = "There is no network while marking"
SEEN = {
    "URLError: <urlopen error [Errno -3] Temporary failure in name resolution>": NETWORK,
    "ConnectionError: HTTPSConnectionPool(host='x.org', port=443): Max retries": NETWORK,
    "ConnectError: [Errno -2] Name or service not known": NETWORK,
    "OSError: [Errno 101] Network is unreachable": NETWORK,
    "Exception: URL fetch failure on https://x.org/mnist.npz: None": NETWORK,
    "LookupError: Resource 'words' not found. >>> nltk.download('words')": NETWORK,
    "NoSuchProcess: process PID not found (pid=1)": "Other processes cannot be seen while marking",
    "FileNotFoundError: [Errno 2] No such file or directory: '/proc/7/stat'": (
        "Other processes cannot be seen while marking"
    ),
    "FileNotFoundError: [Errno 2] No such file or directory: 'words.txt'": "",
    "URLError: <urlopen error [Errno 111] Connection refused>": "",
    "NameError: name 'network' is not defined": "",
}


@pytest.mark.parametrize("error", SEEN)
def test_an_error_tells_what_is_lacking(error):
    assert lacking(error) == SEEN[error]
