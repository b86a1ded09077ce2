"""The widgets' JavaScript, called from a test: in Node where there is one, else in Chromium."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest

from stridewise.widgets.assets import module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Call = Callable[[str, str, Any], Any]


NODE = """
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const { file, argument } = JSON.parse(line);
  const answer = await import(file).then(({ called }) => ({ value: called(argument) }))
    .catch((error) => ({ error: error.stack }));
  console.log(JSON.stringify(answer));
}"""


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path, Any], Any]]:
    """Call the function `called` of a module, all in one process of Node."""
    script = tmp_path_factory.mktemp("node") / "calls.mjs"
    script.write_text(NODE)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(["node", script], **pipes) as process:

        def call(file: Path, argument: Any) -> Any:
            print(json.dumps({"file": str(file), "argument": argument}), file=process.stdin)
            process.stdin.flush()
            limit = threading.Timer(60, process.kill)
            limit.start()
            line = process.stdout.readline()
            limit.cancel()
            assert line, "Node has ended, or was stopped after 60 seconds"
            answer = json.loads(line)
            assert "error" not in answer, answer["error"]
            return answer["value"]

        yield call
        process.stdin.close()


@pytest.fixture
def javascript(request: pytest.FixtureRequest, tmp_path: Path) -> Call:
    """Call `function`, JavaScript that may use all of `file`, with `argument`: plain values."""

    def in_node(file: str, function: str, argument: Any) -> Any:
        script = tmp_path / f"{len(list(tmp_path.glob('*.mjs')))}.mjs"  # a name is imported once
        script.write_text(f"{module(file)}\nexport const called = {function};")
        return request.getfixturevalue("node")(script, argument)

    def in_chromium(file: str, function: str, argument: Any) -> Any:
        page = request.getfixturevalue("page")
        page.set_content("<title>a page</title>")
        code = f"{module(file)}\nwindow.called = {function};"
        page.add_script_tag(content=code, type="module")
        page.wait_for_function("window.called !== undefined")
        return page.evaluate("(argument) => window.called(argument)", argument)

    return in_node if shutil.which("node") else in_chromium
