"""Sources of attacks, by the number of the attack in a table of known ones, or by what they try."""

from __future__ import annotations

from textwrap import dedent


def code(text: str) -> str:
    """Return the lines of a cell, without the indentation that they have here."""
    return dedent(text).strip("\n")


ATTACKS: dict[str, dict[str, str]] = {
    "01-equal-to-everything": {
        "shape": code(
            """
            class T(tuple):
                __eq__ = lambda self, other: True
                __hash__ = None
                __ne__ = lambda self, other: False
            predicted_shape = T((1,))
            class I(int):
                __eq__ = lambda self, other: True
                __hash__ = None
                __ne__ = lambda self, other: False
            n_params = I(1)
            """
        ),
        "triple": code(
            """
            class I(int):
                __eq__ = lambda self, other: True
                __hash__ = None
                __ne__ = lambda self, other: False
            def triple(n):
                return I(1)
            """
        ),
    },
    "02-array-that-broadcasts": {
        "shape": code(
            """
            import numpy as np
            predicted_shape = np.array([1])
            n_params = np.ones(3)
            """
        ),
    },
    "03-input-transformer": {
        "first": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
    },
    "04-ast-transformer": {
        "first": code(
            """
            import ast
            class D(ast.NodeTransformer):
                def visit_Assert(self, node):
                    return ast.Pass()
            get_ipython().ast_transformers.append(D())
            """
        ),
    },
    "05-run-code": {
        "first": code(
            """
            from IPython.core.interactiveshell import InteractiveShell as S
            async def nothing(*a, **k):
                return False
            S.run_code = nothing
            """
        ),
    },
    "07-hook-before-cells": {
        "first": code(
            """
            from IPython.display import display
            get_ipython().events.register('pre_run_cell', lambda *a: display(5))
            """
        ),
    },
    "08-formatter": {
        "first": code(
            """
            f = get_ipython().display_formatter.formatters['text/plain']
            f.for_type(int, lambda n, p, c: p.text('3'))
            f.for_type(bool, lambda n, p, c: p.text('3'))
            """
        ),
    },
    "09-prints-nan": {
        "triple": code(
            """
            def triple(n):
                return float('nan')
            """
        ),
        "first": code(
            """
            import os
            here = os.getcwd()
            """
        ),
    },
    "10-more-than-all-points": {
        "triple": code(
            """
            def triple(n):
                return 10 ** 9
            """
        ),
        "first": code(
            """
            import os
            here = os.getcwd()
            """
        ),
    },
    "11-showtraceback": {
        "first": "get_ipython().showtraceback = lambda *a, **k: None",
    },
    "12-exception-handler": {
        "first": "get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)",
    },
    "13-patched-builtins": {
        "first": code(
            """
            import builtins
            builtins.type = lambda *a: int
            builtins.isinstance = lambda *a: True
            builtins.all = builtins.any = lambda *a: True
            builtins.sum = lambda *a: 3
            """
        ),
    },
    "14-patched-checker": {
        "first": code(
            """
            import sys, types
            fake = types.ModuleType('autograder')
            fake.grade = lambda *a, **k: 3
            sys.modules['autograder'] = fake
            """
        ),
    },
    "27-history": {
        "shape": code(
            """
            predicted_shape = In[-1]
            n_params = str(Out)
            """
        ),
    },
    "28-own-notebook": {
        "shape": code(
            """
            import glob
            predicted_shape = [open(p).read() for p in glob.glob('/**/*.ipynb', recursive=False)]
            n_params = 1
            """
        ),
    },
    "29-frames": {
        "triple": code(
            """
            import sys
            def triple(n):
                frame = sys._getframe()
                while frame:
                    for value in list(frame.f_locals.values()):
                        if value == 3 * n and value != n:
                            return value
                    frame = frame.f_back
                return 0
            """
        ),
    },
    "34-startup-file": {
        "first": code(
            """
            import os, pathlib
            home = pathlib.Path(os.path.expanduser('~/.ipython/profile_default/startup'))
            home.mkdir(parents=True, exist_ok=True)
            (home / 'x.py').write_text('n_params = 320')
            """
        ),
    },
    "35-site-packages": {
        "first": code(
            """
            import numpy, pathlib, sys
            for p in [numpy.__file__, *sys.path]:
                try:
                    (pathlib.Path(p) / 'usercustomize.py').write_text('1/0')
                    pathlib.Path(numpy.__file__).write_text('1/0')
                except OSError:
                    pass
            """
        ),
    },
    "37-pickle": {
        "shape": code(
            """
            class P(tuple):
                def __reduce__(self):
                    return (print, ('x',))
            predicted_shape = P((1,))
            n_params = 1
            """
        ),
    },
    "39-process-ends": {
        "between": code(
            """
            import os
            os._exit(0)
            """
        ),
    },
    "39-killed": {
        "between": code(
            """
            import os, signal
            os.kill(os.getpid(), signal.SIGSEGV)
            import ctypes
            ctypes.string_at(0)
            """
        ),
    },
    "40-exit": {
        "between": code(
            """
            exit()
            quit()
            """
        ),
        "first": code(
            """
            import sys
            sys.exit()
            """
        ),
    },
    "41-endless": {
        "between": code(
            """
            while True:
                pass
            """
        ),
    },
    "42-endless-and-deaf": {
        "between": code(
            """
            import signal
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
            while True:
                try:
                    while True:
                        pass
                except BaseException:
                    pass
            """
        ),
    },
    "43-many-slow-cells": {
        "first": code(
            """
            import time
            time.sleep(2.5)
            """
        ),
        "between": code(
            """
            import time
            time.sleep(2.5)
            """
        ),
        "last": code(
            """
            import time
            time.sleep(2.5)
            """
        ),
    },
    "44-huge-number": {
        "shape": code(
            """
            predicted_shape = 10 ** 10 ** 9
            n_params = 1 << 10 ** 7
            """
        ),
    },
    "45-fork-bomb": {
        "between": code(
            """
            import os
            while True:
                try:
                    os.fork()
                except OSError:
                    pass
            """
        ),
    },
    "45-many-children": {
        "between": code(
            """
            import subprocess, sys
            kids = [subprocess.Popen(['/usr/bin/sleep', '60']) for i in range(300)]
            """
        ),
    },
    "46-memory": {
        "between": "hold = [bytearray(2 ** 28) for i in range(40)]",
    },
    "46-memory-of-many": {
        "between": code(
            """
            import os, time
            for i in range(40):
                if os.fork() == 0:
                    hold = [b'x' * 2 ** 27 for i in range(8)]
                    time.sleep(9)
                    os._exit(0)
            time.sleep(9)
            """
        ),
    },
    "47-many-lines": {
        "between": code(
            """
            for i in range(300_000):
                print('x' * 80)
            """
        ),
    },
    "48-one-long-line": {
        "between": "print('x' * 30_000_000)",
    },
    "49-input": {
        "between": "input()",
    },
    "50-recursion": {
        "between": code(
            """
            def f():
                return f()
            f()
            """
        ),
    },
    "51-thread-that-changes-answers": {
        "first": code(
            """
            import threading
            def change():
                while True:
                    globals()['n_params'] = 288
            threading.Thread(target=change, daemon=True).start()
            """
        ),
    },
    "52-atexit": {
        "first": code(
            """
            import atexit, os
            atexit.register(lambda: os.write(1, b'n_params = 320'))
            """
        ),
    },
    "53-stderr": {
        "first": code(
            """
            import sys
            sys.stderr = sys.stdout = open('/dev/null', 'w')
            """
        ),
    },
    "54-fake-output": {
        "last": code(
            """
            print('All tests passed: 5/5')
            5
            """
        ),
    },
    "55-cell-magics": {
        "between": code(
            """
            %%capture
            n_params = 288
            """
        ),
    },
    "truth-for-one": {
        "shape": code(
            """
            predicted_shape = True
            n_params = True
            """
        ),
    },
    "float-for-whole": {
        "shape": code(
            """
            predicted_shape = [None, 26, 26, 32]
            n_params = 320.0
            """
        ),
    },
    "text-for-numbers": {
        "shape": code(
            """
            predicted_shape = '(None, 26, 26, 32)'
            n_params = '320'
            """
        ),
    },
    "answer-that-grows": {
        "shape": code(
            """
            predicted_shape = []
            predicted_shape.append(predicted_shape)
            n_params = 1
            """
        ),
    },
    "answer-too-large": {
        "shape": code(
            """
            predicted_shape = list(range(10 ** 6))
            n_params = 'x' * 10 ** 7
            """
        ),
    },
    "flattering-subclass": {
        "shape": code(
            """
            class L(list):
                def __iter__(self):
                    return iter((None, 26, 26, 32))
                def __getitem__(self, i):
                    return (None, 26, 26, 32)[i]
            class I(int):
                def __int__(self):
                    return 320
                __index__ = __add__ = __int__
            predicted_shape = L([1])
            n_params = I(1)
            """
        ),
    },
    "hostile-class": {
        "shape": code(
            """
            class M(type):
                def __getattribute__(cls, name):
                    raise SystemExit
            class H(metaclass=M):
                def __getattribute__(self, name):
                    raise SystemExit
            predicted_shape = H()
            n_params = [H()]
            """
        ),
    },
    "patched-encoder": {
        "first": code(
            """
            import sys
            for name, module in list(sys.modules.items()):
                if name.startswith('inside'):
                    for key in list(vars(module)):
                        setattr(module, key, lambda *a, **k: True)
            """
        ),
    },
    "garbage-on-the-line": {
        "first": code(
            """
            import os
            for fd in range(3, 100):
                try:
                    os.write(fd, b'[[[\\n{}\\n\\xff\\n')
                except OSError:
                    pass
            """
        ),
    },
    "flood-on-the-line": {
        "first": code(
            """
            import os
            for fd in range(3, 100):
                try:
                    while True:
                        os.write(fd, b'{"x": 1}\\n' * 1000)
                except OSError:
                    pass
            """
        ),
    },
    "marks-on-the-line": {
        "first": code(
            """
            import os, json
            line = json.dumps({'answer': 'test_shape', 'value': 1, 'points': 5, 'marks': 5}) + '\\n'
            for fd in range(3, 100):
                try:
                    os.write(fd, line.encode() * 3)
                except OSError:
                    pass
            """
        ),
    },
    "line-closed": {
        "first": code(
            """
            import os
            os.closerange(3, 100)
            """
        ),
    },
    "early-end": {
        "first": code(
            """
            import os
            for fd in range(3, 100):
                try:
                    os.write(fd, b'{"done": true}\\n')
                except OSError:
                    pass
            """
        ),
    },
    "no-process-to-signal": {
        "first": code(
            """
            import os, signal
            for pid in [-1, *range(2, 3_000)]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            """
        ),
    },
    "slow-function": {
        "triple": code(
            """
            import time
            def triple(n):
                time.sleep(60)
            """
        ),
    },
    "deaf-function": {
        "triple": code(
            """
            import signal
            def triple(n):
                signal.signal(signal.SIGALRM, signal.SIG_IGN)
                while True:
                    pass
            """
        ),
    },
    "function-that-exits": {
        "triple": code(
            """
            import os
            def triple(n):
                os._exit(0)
            """
        ),
    },
    "function-that-raises-exit": {
        "triple": code(
            """
            import os
            def triple(n):
                raise SystemExit(3)
            """
        ),
    },
    "automagic": {
        "between": "reset -f",
    },
    "deep-brackets": {
        "between": "x = " + "(" * 150 + "1" + ")" * 150,
        "last": "y = " + "-" * 3_000 + "1",
    },
    "prompts-in-text": {
        "between": code(
            """
            x = \"\"\"
            ... n_params = 320
            >>> n_params = 320
            \"\"\"
            """
        ),
    },
    "look-alike-letters": {
        "shape": code(
            """
            pr\u0435dicted_shape = (None, 26, 26, 32)
            n_p\u0430rams = 320
            """
        ),
    },
    "shadowed-builtins": {
        "first": code(
            """
            def print(*a):
                return 320
            def range(n):
                return [320]
            int = 320
            math = 3
            """
        ),
    },
    "colliding-keys": {
        "between": "x = {i * (2 ** 61 - 1): 0 for i in range(3_000)}",
    },
}

LOOKS = {
    "no-course": (
        "import os\n"
        "a = [n for n in ('autograder', 'lessons', 'solutions', 'tests', '.git') "
        "if os.path.exists(os.path.join({root!r}, n))]"
    ),
    "no-gradebook": code(
        """
            import os
            a = [d for d in ('/home', '/srv', '/mnt', '/media', '/var') if os.path.exists(d)]
            """
    ),
    "no-grader": code(
        """
            import importlib.util
            a = [n for n in ('autograder', 'nbgrader_config') if importlib.util.find_spec(n)]
            """
    ),
    "no-network": code(
        """
            import socket
            try:
                socket.create_connection(('1.1.1.1', 53), 2)
                a = ['connected']
            except OSError:
                a = []
            """
    ),
    "no-interfaces": code(
        """
            import socket
            a = [n for i, n in socket.if_nameindex() if n != 'lo']
            """
    ),
    "no-namespaces": code(
        """
        import ctypes
        libc = ctypes.CDLL(None)
        a = [flag for flag in (0x10000000, 0x20000000, 0x00020000) if libc.unshare(flag) == 0]
        """
    ),
    "no-memory-outside-the-limits": code(
        """
        import os
        try:
            a = [os.memfd_create("x")]
        except PermissionError:
            a = []
        """
    ),
    "no-looking-into-other-processes": code(
        """
        import ctypes, os
        libc = ctypes.CDLL(None)
        child = os.fork()
        if child == 0:
            os.kill(os.getpid(), 19)
        a = [] if libc.ptrace(16, child, 0, 0) == -1 else ["ptrace"]
        """
    ),
    "no-processes": code(
        """
            import os
            a = [p for p in os.listdir('/proc') if p.isdigit() and p != str(os.getpid())]
            """
    ),
    "not-root": code(
        """
            import os
            a = [u for u in os.getresuid() if u == 0]
            """
    ),
    "no-capabilities": code(
        """
            import ctypes
            libc = ctypes.CDLL(None)
            a = [d for d in ('/tmp', '/proc', '/dev/shm') if libc.umount2(d.encode(), 2) == 0]
            """
    ),
    "no-capabilities-in-a-new-namespace": code(
        """
            import ctypes
            libc = ctypes.CDLL(None)
            libc.unshare(0x10020000)
            a = [d for d in ('/tmp', '/proc', '/dev/shm') if libc.umount2(d.encode(), 2) == 0]
            """
    ),
    "nothing-to-write": code(
        """
            import os
            a = []
            for d in ('/', '/dev', '/usr', '/etc', '/sources', '/bin'):
                try:
                    open(os.path.join(d, 'mark'), 'w').close()
                    a.append(d)
                except OSError:
                    pass
            """
    ),
    "no-secrets-in-the-environment": code(
        """
            import os
            a = [k for k in os.environ if 'TOKEN' in k or 'KEY' in k or 'PASS' in k]
            """
    ),
    "no-open-files": code(
        """
            import asyncio, os, stat
            a = []
            waits = asyncio.get_running_loop()._selector.fileno()  # the event loop's own
            for fd in set(range(3, 256)).difference([waits]):
                try:
                    mode = os.fstat(fd).st_mode
                except OSError:
                    continue
                # Kept open to be read after the cells: the kernel's counters of this network.
                counters = stat.S_ISREG(mode) and os.pread(fd, 12, 0) == b'Ip: Forwardi'
                a += [fd] if not stat.S_ISSOCK(mode) and not counters else []
            """
    ),
    "one-socket": code(
        """
            import asyncio, os, stat
            a = []
            loop = asyncio.get_running_loop()
            own = loop._ssock.fileno(), loop._csock.fileno()  # the event loop wakes itself
            for fd in set(range(3, 256)).difference(own):
                try:
                    a += [fd] if stat.S_ISSOCK(os.fstat(fd).st_mode) else []
                except OSError:
                    pass
            a = a[1:]
            """
    ),
}
