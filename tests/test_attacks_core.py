"""Attacks on reading, running and the examiner: no unearned point, neighbours unchanged, a reason.

The numbers in the ids are those of a table of known attacks on notebook graders; those without one
are aimed at this design.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from core_attacks import RIGHT, RUN_IT, WRONG, marks, notebook, total
from programs import submission

from autograder.running import Limits, Runner, sandbox_available

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
ROOT = Path(__file__).resolve().parent.parent
QUICK = Limits(cell_seconds=3, total_seconds=12, call_seconds=1)
EQUAL = (
    "__eq__ = lambda self, other: True\n    __hash__ = None\n    __ne__ = lambda self, other: False"
)


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=QUICK) as made:
        yield made


@pytest.fixture(autouse=True)
def neighbours_keep_their_marks(runner):
    yield
    honest = notebook(*RIGHT, first=RUN_IT)
    assert total(marks(runner, honest)) == 5


ATTACKS = {
    "01-equal-to-everything": {
        "shape": f"class T(tuple):\n    {EQUAL}\npredicted_shape = T((1,))\n"
        f"class I(int):\n    {EQUAL}\nn_params = I(1)",
        "triple": f"class I(int):\n    {EQUAL}\ndef triple(n):\n    return I(1)",
    },
    "02-array-that-broadcasts": {"shape": "import numpy as np\npredicted_shape = np.array([1])\nn_params = np.ones(3)"},
    "03-input-transformer": {
        "first": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])"
    },
    "04-ast-transformer": {
        "first": "import ast\nclass D(ast.NodeTransformer):\n    def visit_Assert(self, node):\n"
        "        return ast.Pass()\nget_ipython().ast_transformers.append(D())"
    },
    "05-run-code": {
        "first": "from IPython.core.interactiveshell import InteractiveShell as S\n"
        "async def nothing(*a, **k):\n    return False\nS.run_code = nothing"
    },
    "07-hook-before-cells": {
        "first": "from IPython.display import display\n"
        "get_ipython().events.register('pre_run_cell', lambda *a: display(5))"
    },
    "08-formatter": {
        "first": "f = get_ipython().display_formatter.formatters['text/plain']\n"
        "f.for_type(int, lambda n, p, c: p.text('3'))\nf.for_type(bool, lambda n, p, c: p.text('3'))"
    },
    "09-prints-nan": {"triple": "def triple(n):\n    return float('nan')", "first": RUN_IT},
    "10-more-than-all-points": {"triple": "def triple(n):\n    return 10 ** 9", "first": RUN_IT},
    "11-showtraceback": {"first": "get_ipython().showtraceback = lambda *a, **k: None"},
    "12-exception-handler": {
        "first": "get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)"
    },
    "13-patched-builtins": {
        "first": "import builtins\nbuiltins.type = lambda *a: int\nbuiltins.isinstance = lambda *a: True\n"
        "builtins.all = builtins.any = lambda *a: True\nbuiltins.sum = lambda *a: 3"
    },
    "14-patched-checker": {
        "first": "import sys, types\nfake = types.ModuleType('autograder')\n"
        "fake.grade = lambda *a, **k: 3\nsys.modules['autograder'] = fake"
    },
    "27-history": {"shape": "predicted_shape = In[-1]\nn_params = str(Out)"},
    "28-own-notebook": {
        "shape": "import glob\npredicted_shape = [open(p).read() for p in glob.glob('/**/*.ipynb', recursive=False)]\n"
        "n_params = 1"
    },
    "29-frames": {
        "triple": "import sys\ndef triple(n):\n    frame = sys._getframe()\n    while frame:\n"
        "        for value in list(frame.f_locals.values()):\n            if value == 3 * n and value != n:\n"
        "                return value\n        frame = frame.f_back\n    return 0"
    },
    "34-startup-file": {
        "first": "import os, pathlib\nhome = pathlib.Path(os.path.expanduser('~/.ipython/profile_default/startup'))\n"
        "home.mkdir(parents=True, exist_ok=True)\n(home / 'x.py').write_text('n_params = 320')"
    },
    "35-site-packages": {
        "first": "import numpy, pathlib, sys\nfor p in [numpy.__file__, *sys.path]:\n    try:\n"
        "        (pathlib.Path(p) / 'usercustomize.py').write_text('1/0')\n"
        "        pathlib.Path(numpy.__file__).write_text('1/0')\n    except OSError:\n        pass"
    },
    "37-pickle": {
        "shape": "class P(tuple):\n    def __reduce__(self):\n        return (print, ('x',))\n"
        "predicted_shape = P((1,))\nn_params = 1"
    },
    "39-process-ends": {"between": "import os\nos._exit(0)"},
    "39-killed": {"between": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\nimport ctypes\nctypes.string_at(0)"},
    "40-exit": {"between": "exit()\nquit()", "first": "import sys\nsys.exit()"},
    "41-endless": {"between": "while True:\n    pass"},
    "42-endless-and-deaf": {
        "between": "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True:\n    try:\n"
        "        while True:\n            pass\n    except BaseException:\n        pass"
    },
    "43-many-slow-cells": dict.fromkeys(("first", "between", "last"), "import time\ntime.sleep(2.5)"),
    "44-huge-number": {"shape": "predicted_shape = 10 ** 10 ** 9\nn_params = 1 << 10 ** 7"},
    "45-fork-bomb": {
        "between": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    },
    "45-many-children": {
        "between": "import subprocess, sys\nkids = [subprocess.Popen(['/usr/bin/sleep', '60']) for i in range(300)]"
    },
    "46-memory": {"between": "hold = [bytearray(2 ** 28) for i in range(40)]"},
    "46-memory-of-many": {
        "between": "import os, time\nfor i in range(40):\n    if os.fork() == 0:\n"
        "        hold = [b'x' * 2 ** 27 for i in range(8)]\n        time.sleep(9)\n        os._exit(0)\ntime.sleep(9)"
    },
    "47-many-lines": {"between": "for i in range(300_000):\n    print('x' * 80)"},
    "48-one-long-line": {"between": "print('x' * 30_000_000)"},
    "49-input": {"between": "input()"},
    "50-recursion": {"between": "def f():\n    return f()\nf()"},
    "51-thread-that-changes-answers": {
        "first": "import threading\ndef change():\n    while True:\n        globals()['n_params'] = 288\n"
        "threading.Thread(target=change, daemon=True).start()"
    },
    "52-atexit": {"first": "import atexit, os\natexit.register(lambda: os.write(1, b'n_params = 320'))"},
    "53-stderr": {"first": "import sys\nsys.stderr = sys.stdout = open('/dev/null', 'w')"},
    "54-fake-output": {"last": "print('All tests passed: 5/5')\n5"},
    "55-cell-magics": {"between": "%%capture\nn_params = 288"},
    "truth-for-one": {"shape": "predicted_shape = True\nn_params = True"},
    "float-for-whole": {"shape": "predicted_shape = [None, 26, 26, 32]\nn_params = 320.0"},
    "text-for-numbers": {"shape": "predicted_shape = '(None, 26, 26, 32)'\nn_params = '320'"},
    "answer-that-grows": {"shape": "predicted_shape = []\npredicted_shape.append(predicted_shape)\nn_params = 1"},
    "answer-too-large": {"shape": "predicted_shape = list(range(10 ** 6))\nn_params = 'x' * 10 ** 7"},
    "flattering-subclass": {
        "shape": "class L(list):\n    def __iter__(self):\n        return iter((None, 26, 26, 32))\n"
        "    def __getitem__(self, i):\n        return (None, 26, 26, 32)[i]\n"
        "class I(int):\n    def __int__(self):\n        return 320\n    __index__ = __add__ = __int__\n"
        "predicted_shape = L([1])\nn_params = I(1)"
    },
    "hostile-class": {
        "shape": "class M(type):\n    def __getattribute__(cls, name):\n        raise SystemExit\n"
        "class H(metaclass=M):\n    def __getattribute__(self, name):\n        raise SystemExit\n"
        "predicted_shape = H()\nn_params = [H()]"
    },
    "patched-encoder": {
        "first": "import sys\nfor name, module in list(sys.modules.items()):\n    if name.startswith('inside'):\n"
        "        for key in list(vars(module)):\n            setattr(module, key, lambda *a, **k: True)"
    },
    "garbage-on-the-line": {
        "first": "import os\nfor fd in range(3, 100):\n    try:\n        os.write(fd, b'[[[\\n{}\\n\\xff\\n')\n"
        "    except OSError:\n        pass"
    },
    "flood-on-the-line": {
        "first": "import os\nfor fd in range(3, 100):\n    try:\n        while True:\n"
        "            os.write(fd, b'{\"x\": 1}\\n' * 1000)\n    except OSError:\n        pass"
    },
    "marks-on-the-line": {
        "first": "import os, json\nline = json.dumps({'answer': 'test_shape', 'value': 1, 'points': 5, 'marks': 5}) + '\\n'\n"
        "for fd in range(3, 100):\n    try:\n        os.write(fd, line.encode() * 3)\n    except OSError:\n        pass"
    },
    "line-closed": {"first": "import os\nos.closerange(3, 100)"},
    "early-end": {
        "first": "import os\nfor fd in range(3, 100):\n    try:\n        os.write(fd, b'{\"done\": true}\\n')\n"
        "    except OSError:\n        pass"
    },
    "no-process-to-signal": {
        "first": "import os, signal\nfor pid in [-1, *range(2, 3_000)]:\n    try:\n        os.kill(pid, signal.SIGKILL)\n"
        "    except OSError:\n        pass"
    },
    "slow-function": {"triple": "import time\ndef triple(n):\n    time.sleep(60)"},
    "deaf-function": {
        "triple": "import signal\ndef triple(n):\n    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "    while True:\n        pass"
    },
    "function-that-exits": {"triple": "import os\ndef triple(n):\n    os._exit(0)"},
    "function-that-raises-exit": {"triple": "import os\ndef triple(n):\n    raise SystemExit(3)"},
    "automagic": {"between": "reset -f"},
    "deep-brackets": {"between": "x = " + "(" * 150 + "1" + ")" * 150, "last": "y = " + "-" * 3_000 + "1"},
    "prompts-in-text": {"between": 'x = """\n... n_params = 320\n>>> n_params = 320\n"""'},
    "look-alike-letters": {"shape": "prеdicted_shape = (None, 26, 26, 32)\nn_pаrams = 320"},
    "shadowed-builtins": {
        "first": "def print(*a):\n    return 320\ndef range(n):\n    return [320]\nint = 320\nmath = 3"
    },
    "colliding-keys": {"between": "x = {i * (2 ** 61 - 1): 0 for i in range(3_000)}"},
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_no_attack_earns_a_point(runner, attack):
    found = marks(runner, notebook(**attack))
    assert total(found) == 0
    assert len(found) == 3
    assert all(mark.reasons and len(mark.reasons[0]) > 10 for mark in found.values())


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
@pytest.mark.slow
def test_what_was_answered_before_an_attack_still_counts(runner, attack):
    if not attack.keys() <= {"last"}:
        attack = {"last": next(iter(attack.values()))}
    assert total(marks(runner, notebook(*RIGHT, **attack))) == 5


LOOKS = {
    "no-course": "import os\na = [n for n in ('autograder', 'lessons', 'solutions', 'tests', '.git') "
    f"if os.path.exists(os.path.join({str(ROOT)!r}, n))]",
    "no-gradebook": "import os\na = [d for d in ('/home', '/srv', '/mnt', '/media', '/var') if os.path.exists(d)]",
    "no-grader": "import importlib.util\na = [n for n in ('autograder', 'nbgrader_config') if importlib.util.find_spec(n)]",
    "no-network": "import socket\ntry:\n    socket.create_connection(('1.1.1.1', 53), 2)\n    a = ['connected']\n"
    "except OSError:\n    a = []",
    "no-interfaces": "import socket\na = [n for i, n in socket.if_nameindex() if n != 'lo']",
    "no-processes": "import os\na = [p for p in os.listdir('/proc') if p.isdigit() and p != str(os.getpid())]",
    "not-root": "import os\na = [u for u in os.getresuid() if u == 0]",
    "no-capabilities": "import ctypes\nlibc = ctypes.CDLL(None)\n"
    "a = [d for d in ('/tmp', '/proc', '/dev/shm') if libc.umount2(d.encode(), 2) == 0]",
    "no-capabilities-in-a-new-namespace": "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.unshare(0x10020000)\n"
    "a = [d for d in ('/tmp', '/proc', '/dev/shm') if libc.umount2(d.encode(), 2) == 0]",
    "nothing-to-write": "import os\na = []\nfor d in ('/', '/dev', '/usr', '/etc', '/sources', '/bin'):\n    try:\n"
    "        open(os.path.join(d, 'mark'), 'w').close()\n        a.append(d)\n    except OSError:\n        pass",
    "no-secrets-in-the-environment": "import os\na = [k for k in os.environ if 'TOKEN' in k or 'KEY' in k or 'PASS' in k]",
    "no-open-files": "import os, stat\na = []\nfor fd in range(3, 256):\n    try:\n        mode = os.fstat(fd).st_mode\n"
    "    except OSError:\n        continue\n    a += [fd] if not stat.S_ISSOCK(mode) else []",
    "one-socket": "import os\na = []\nfor fd in range(3, 256):\n    try:\n        os.fstat(fd)\n        a.append(fd)\n"
    "    except OSError:\n        pass\na = a[1:]",
}  # fmt: skip


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_there_is_nothing_to_see_and_nothing_to_change(runner, look, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    with runner.answers(submission(look), frozenset({"a"})) as answers:
        assert answers["a"] == []


def test_nothing_is_left_for_the_next_notebook(runner):
    leave = (
        "import os, pathlib\nfor d in ('/tmp', '/dev/shm', '/var/tmp', os.path.expanduser('~')):\n    try:\n"
        "        pathlib.Path(d, 'left').write_text('x')\n    except OSError:\n        pass\n"
        "import numpy, math, builtins\nnumpy.left = math.left = builtins.left = 1"
    )
    look = (
        "import os, numpy, math, builtins\n"
        "a = [d for d in ('/tmp', '/dev/shm', '/var/tmp') if os.path.exists(d + '/left')]\n"
        "a += [m.__name__ for m in (numpy, math, builtins) if hasattr(m, 'left')]"
    )
    with runner.answers(submission(leave), frozenset({"a"})):
        pass
    with runner.answers(submission(look), frozenset({"a"})) as answers:
        assert answers["a"] == []


def test_two_notebooks_at_once_do_not_see_each_other(runner):
    first = "import socket\ns = socket.socket(socket.AF_UNIX)\ns.bind('\\0meet')\ns.listen()\na = 1"
    second = "import socket\ns = socket.socket(socket.AF_UNIX)\ntry:\n    s.connect('\\0meet')\n    a = ['met']\nexcept OSError:\n    a = []"
    with runner.answers(submission(first), frozenset({"a"})) as one:
        assert one["a"] == 1
        with runner.answers(submission(second), frozenset({"a"})) as other:
            assert other["a"] == []


def test_an_honest_mistake_keeps_the_points_of_the_rest(runner):
    assert total(marks(runner, notebook(RIGHT[0], WRONG[1], first=RUN_IT))) == 2
    assert total(marks(runner, notebook(WRONG[0], RIGHT[1], first=RUN_IT))) == 3
