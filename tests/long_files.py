"""The test files that take longest."""

from pathlib import Path

TESTS = Path(__file__).parent
LONG = (
    "test_stock_comparison.py",
    "stridewise/widgets/test_widgets_in_jupyter.py",
    "stridewise/widgets/test_widget_pages.py",
    "running/test_attacks_beside.py",
    "marking/test_questions.py",
    "running/test_attacks_core.py",
    "stridewise/test_keras_applications.py",
    "gradebook/test_gradebook.py",
    "authoring/test_proof.py",
    "marking/test_engine.py",
    "running/test_beside.py",
    "marking/test_cluster.py",
    "running/test_fork_server.py",
    "marking/test_faults.py",
    "stridewise/test_layers.py",
    "test_notebooks.py",
    "running/test_running.py",
    "feedback/test_feedback_in_browser.py",
    "test_nbgrader_plugin.py",
    "test_cli.py",
    "reading/test_reading.py",
)
"""The files that take longest. They run first: a long file at the end leaves a worker idle."""
