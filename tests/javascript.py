"""The widgets' JavaScript, called from a test: in Node where there is one, else in Chromium."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from stridewise.widgets.assets import module

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[[str, str, Any], Any]


@pytest.fixture
def javascript(request: pytest.FixtureRequest, tmp_path: Path) -> Call:
    """Call `function`, JavaScript that may use all of `file`, with `argument`: plain values."""

    def in_node(file: str, function: str, argument: Any) -> Any:
        script = tmp_path / "called.mjs"
        read = 'JSON.parse((await import("node:fs")).readFileSync(0, "utf8"))'
        call = f"console.log(JSON.stringify(({function})({read})));"
        script.write_text(f"{module(file)}\n{call}")
        given = json.dumps(argument)
        done = subprocess.run(
            ["node", script], input=given, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def in_chromium(file: str, function: str, argument: Any) -> Any:
        page = request.getfixturevalue("page")
        page.set_content("<title>a page</title>")
        code = f"{module(file)}\nwindow.called = {function};"
        page.add_script_tag(content=code, type="module")
        page.wait_for_function("window.called !== undefined")
        return page.evaluate("(argument) => window.called(argument)", argument)

    return in_node if shutil.which("node") else in_chromium
