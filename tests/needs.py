"""What a test needs besides Python; it is skipped where that is missing, and says so."""

import pytest

from autograder.running import sandbox_available

needs_sandbox = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
