"""Answers by running a notebook, where they cannot be read.

Student code runs in a process forked from a fork server, inside a sandbox that shows it neither the
course nor other students nor the gradebook. Only plain data comes out.
"""

from autograder.running.fork_client import ForkClients
from autograder.running.fork_server import ForkServers
from autograder.running.limits import Limits
from autograder.running.runner import Runner
from autograder.running.sandbox import runs_here, sandbox_available

__all__ = ["ForkClients", "ForkServers", "Limits", "Runner", "runs_here", "sandbox_available"]
