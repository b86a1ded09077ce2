"""Notebooks as Colab, VS Code, Kaggle, Deepnote, JupyterLite and old Jupyters save them.

Each function changes a notebook in place, as the program does when it opens and saves it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_builder import given

Notebook = dict[str, Any]
KERNELS = {
    "conda": {"name": "conda-env-ml-py", "display_name": "Python [conda env:ml]"},
    "pyodide": {"name": "python", "display_name": "Python (Pyodide)", "language": "python"},
    "r": {"name": "ir", "display_name": "R", "language": "R"},
}
COLAB_BADGE = (
    '<a href="https://colab.research.google.com/github/a/b/blob/main/c.ipynb" target="_parent">'
    '<img src="https://colab.research.google.com/assets/colab-badge.svg" alt="Open In Colab"/></a>'
)
DEEPNOTE_FOOTER = (
    "<a style='display:flex' href='https://deepnote.com?utm_source=created-in-deepnote-cell'>\n"
    "<img alt='Created in deepnote.com' src='data:image/svg+xml;base64,PHN2Zz4='></img>\n"
    "Created in <span style='font-weight:600'>Deepnote</span></a>"
)
_OF_COLAB = {"colab": {"base_uri": "https://localhost:8080/", "height": 34}, "outputId": "5f0c"}


def colab(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 0
    notebook["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "accelerator": "GPU",
    }
    for n, cell in enumerate(notebook["cells"]):
        del cell["id"]
        cell["metadata"] |= {"id": f"aB{n}"}
        if cell["cell_type"] == "code":
            cell["metadata"] |= _OF_COLAB | {"cellView": "form"}
            cell["source"] = f'#@title Part {n} {{ run: "auto" }}\n' + "".join(cell["source"])


def colab_with_drive(notebook: Notebook) -> None:
    """Add the cells with which work in Colab begins; each of them fails elsewhere."""
    colab(notebook)
    notebook["cells"][:0] = [
        given(COLAB_BADGE, "markdown"),
        given("!pip install -q keras\n%pip install tqdm"),
        given("from google.colab import drive\ndrive.mount('/content/drive')"),
        given("%cd /content/drive/MyDrive/course"),
    ]


def colab_command_in_the_answer(notebook: Notebook) -> None:
    colab(notebook)
    for cell in notebook["cells"]:
        if is_answer(cell):
            cell["source"] = f"!pip install keras\n{cell['source']} #@param"


def vs_code(notebook: Notebook) -> None:
    notebook["metadata"]["vscode"] = {"interpreter": {"hash": "31f2"}}
    for n, cell in enumerate(notebook["cells"]):
        cell["metadata"]["vscode"] = {"languageId": "python"}
        cell["id"] = f"W{n}sZmlsZQ=="


def vs_code_without_a_kernel(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 2
    notebook["metadata"] = {
        "kernelspec": {"display_name": ".venv", "language": "python"},
        "language_info": {"name": "python", "version": "3.11.4"},
        "orig_nbformat": 4,
    }
    without_ids(notebook)


def deepnote(notebook: Notebook) -> None:
    notebook["metadata"] = {"deepnote_notebook_id": "f", "deepnote_execution_queue": []}
    for n, cell in enumerate(notebook["cells"]):
        del cell["id"]
        cell["metadata"] |= {"cell_id": f"{n:05}-x", "deepnote_cell_type": cell["cell_type"]}
        cell["metadata"] |= {"source_hash": "b623e53d", "execution_millis": 2}
    footer = given(DEEPNOTE_FOOTER, "markdown")
    footer["metadata"] = {"created_in_deepnote_cell": True, "deepnote_cell_type": "markdown"}
    notebook["cells"].append(footer)


def kaggle(notebook: Notebook) -> None:
    notebook["metadata"] |= {"papermill": {"duration": 9.1}, "kaggle": {"isGpuEnabled": False}}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"_uuid": "8f2839f2", "_cell_guid": "b1076dfc", "trusted": True}
    first = "import os\nfor folder, _, files in os.walk('/kaggle/input'):\n    print(folder)"
    notebook["cells"].insert(0, given(first))


def jupyterlite(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = KERNELS["pyodide"]
    notebook["cells"].insert(0, given("import piplite\nawait piplite.install('tqdm')"))


def kernel(name: str) -> Callable[[Notebook], None]:
    return lambda notebook: notebook["metadata"].update(kernelspec=KERNELS[name])


def without_ids(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = min(notebook["nbformat_minor"], 4)
    for cell in notebook["cells"]:
        cell.pop("id", None)


def doubled_ids(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "the-same"


def without_labels_of_answers(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if is_answer(cell):
            del cell["metadata"]["nbgrader"]


def without_tests(notebook: Notebook) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if not is_test(cell)]


def old_labels(version: int) -> Callable[[Notebook], None]:
    """Label the cells as nbgrader did in its metadata of version 0 (unnumbered), 1 and 2."""

    def relabel(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            if flags := cell["metadata"].get("nbgrader"):
                flags.pop("task", None)
                flags["schema_version"] = version
                if not version:
                    del flags["schema_version"]

    return relabel


def in_nbformat_3(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        del cell["id"]
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["prompt_number"] = cell.pop("execution_count")
            cell |= {"language": "python", "collapsed": False}
    notebook["worksheets"] = [{"cells": notebook.pop("cells"), "metadata": {}}]
    notebook |= {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "", "signature": ""}}


def is_test(cell: dict[str, Any]) -> bool:
    flags = cell["metadata"].get("nbgrader", {})
    return bool(flags.get("grade") and not flags.get("solution"))


def is_answer(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get("solution") and "outputs" in cell)


SAVED: dict[str, Callable[[Notebook], None]] = {
    "colab": colab,
    "colab-drive": colab_with_drive,
    "colab-command": colab_command_in_the_answer,
    "vs-code": vs_code,
    "vs-code-no-kernel": vs_code_without_a_kernel,
    "deepnote": deepnote,
    "kaggle": kaggle,
    "jupyterlite": jupyterlite,
    "conda-kernel": kernel("conda"),
    "r-kernel": kernel("r"),
    "no-ids": without_ids,
    "doubled-ids": doubled_ids,
    "lost-labels": without_labels_of_answers,
    "deleted-tests": without_tests,
    "labels-0": old_labels(0),
    "labels-1": old_labels(1),
    "labels-2": old_labels(2),
    "nbformat-3": in_nbformat_3,
}
"""What changes a notebook, by a name that can be a student's."""
