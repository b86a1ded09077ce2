"""Runs the command, also as `python -m autograder`, and in UTF-8 under every locale."""

from __future__ import annotations

import os
import sys


def run() -> None:
    """Run the command.

    With LC_ALL=C and Python's UTF-8 mode turned off, the name of a folder `åsa` could not be stored
    in the gradebook. So the command starts itself again in UTF-8 mode (PEP 540).
    """
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode:
        os.execv(  # noqa: S606 - this same Python, with this same command line
            sys.executable, [sys.executable, "-X", "utf8", "-m", "autograder", *sys.argv[1:]]
        )
    from autograder.cli import main

    main()


if __name__ == "__main__":
    run()
