"""Notebooks that are nearly honest: cells of students and of attackers, cut up and put together."""

from __future__ import annotations

import random

FUNCTION = """def f(size, kernel_size=3, strides=1, padding='valid'):
    if padding == 'same':
        return -(-size // strides)
    return (size - kernel_size) // strides + 1"""
PIECES = [
    "a = [(None, 26, 26, 32), (None, 24, 24, 32), (None, 10)]",
    "a = [320, 9_248, 9_248, 0, 1_982_592, 1_290]",
    "a, b = 14, [14, 7, 4]",
    FUNCTION,
    "f = lambda n: n // 2",
    "import math\nb = math.ceil(28 / 2)",
    "for i in range(3):\n    b = b + [i]",
    "b = []\nfor size in (28, 14, 7):\n    b.append((size - 1) // 2 + 1)",
    "print('sizes', a, f'{b}')",
    "b = [f(28), f(14, strides=2), f(7, 3, 2, 'same')]",
    "assert a != b, 'different'",
    "c = {'same': a, 'valid': b}\nb = c['same']",
    "a = a if a else ...",
    "a += [1]\na[0] = a",
    "b = a\nb.append(...)",
    "%time a = 3",
    "reset -f",
    "x = '''\n>>> a = 1\n... a = 2\n'''",
    "a = int('\uff12\uff16') + True",
    "del a",
    "try:\n    a = 1 / 0\nexcept ZeroDivisionError:\n    a = 2",
    "import os\nos.environ['x'] = '1'",
    "globals()['a'] = 5",
    "a = (1,\n... )",
    "_ = 3\na = _",
    "while a:\n    a = 0\nelse:\n    b = 1",
    "print = f\nint = str",
    "a = [i for i in range(5) if i % 2 for j in range(i)]",
    "a: int = 3",
    "a = b = c = [1]\na *= 2",
]
_INSERTED = [
    " ",
    "\n",
    "    ",
    "(",
    ")",
    "[",
    "]",
    "=",
    "==",
    "a",
    "b",
    "f",
    "0",
    "-1",
    ".",
    ",",
    ":",
    "#",
    "'",
    "?",
]
_INSERTED += [
    "!",
    "%",
    "...",
    ">>> ",
    "a = 7\n",
    "\r",
    "\x0c",
    "\u2028",
    "\uff1b",
    "not ",
    "is None",
    "**2",
    "lambda: ",
]


def notebook(seed: int) -> list[str]:
    """Make the cells of one notebook; the same seed always gives the same."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    cells = []
    for _ in range(draw.randint(1, 5)):
        source = "\n".join(draw.choices(PIECES, k=draw.randint(1, 3)))
        for _ in range(draw.choice([0, 0, 0, 1, 1, 2, 4])):
            at = draw.randrange(len(source) + 1)
            source = source[:at] + draw.choice(_INSERTED) + source[at + draw.choice([0, 0, 1, 3]) :]
        cells.append(source)
    return cells
