"""Running a notebook in the sandbox, where its answers cannot be read.

Student code runs in a fork of a fork server, inside a sandbox without access to the course, other
students and the gradebook. Only plain data is sent out.
"""

from autograder.running.fork_client import ForkClients
from autograder.running.fork_server import ForkServers
from autograder.running.limits import Limits
from autograder.running.runner import Runner
from autograder.running.sandbox import runs_here, sandbox_available

__all__ = ["ForkClients", "ForkServers", "Limits", "Runner", "runs_here", "sandbox_available"]
