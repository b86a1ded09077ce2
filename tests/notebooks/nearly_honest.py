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


_WINDOW = [
    "3",
    "(3, 3)",
    "5",
    "(2, 3)",
    "1",
    "40",
    "0",
    "-1",
    "3.0",
    "'3'",
    "True",
    "[3, 3]",
    "None",
    "(3,)",
]
_STRIDES = ["1", "2", "(2, 2)", "(1, 2)", "0", "2.5", "None"]
_PADDING = ["'valid'", "'same'", "'SAME'", "'full'", "None", "'causal'", "1"]
_COUNTS = ["32", "8", "1", "0", "-2", "2.0", "'8'", "True", "None"]
_MORE = [
    "activation='relu'",
    "activation='nothing'",
    "use_bias=False",
    "dilation_rate=2",
    "groups=2",
    "name='x'",
]
_MORE += [
    "data_format='channels_first'",
    "input_shape=(28, 28, 1)",
    "kernel_initializer='zeros'",
    "colour=3",
]


def model(seed: int, name: str) -> str:
    """Write the lines that make one Sequential model; some of them Keras refuses."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    odd = draw.random() < 0.3

    def one(values: list[str]) -> str:
        return draw.choice(values if odd else values[:2])

    def layer() -> str:
        kind = draw.choice(
            ["Conv2D"] * 4
            + ["MaxPooling2D", "Dense", "Dropout", "ZeroPadding2D", "DepthwiseConv2D"]
        )
        args = {
            "Conv2D": f"{one(_COUNTS)}, {one(_WINDOW)}, {one(_STRIDES)}, {one(_PADDING)}",
            "MaxPooling2D": f"{one(_WINDOW)}, padding={one(_PADDING)}",
            "Dense": one(_COUNTS),
            "Dropout": one(["0.5", "0.2", "2", "-1", "'x'"]),
            "ZeroPadding2D": one(["1", "(1, 2)", "((0, 1), (1, 0))", "-1", "'x'"]),
            "DepthwiseConv2D": one(_WINDOW),
        }[kind]
        more = f", {draw.choice(_MORE)}" if draw.random() < (0.4 if odd else 0.1) else ""
        return f"layers.{kind}({args}{more})"

    shape = draw.choice(
        ["(28, 28, 1)", "(28, 28, 1)", "(12, 9, 3)", "(None, None, 3)", "(8, 8)", "[28, 28, 1]"]
    )
    parts = [f"keras.Input(shape={shape})"] * (not odd or draw.random() < 0.8)
    parts += [layer() for _ in range(draw.randint(1, 4))]
    parts += draw.choice([[], ["layers.Flatten()", "layers.Dense(10, activation='softmax')"]])
    if draw.random() < 0.3:
        return "\n".join(
            [f"{name} = keras.Sequential()", *(f"{name}.add({part})" for part in parts)]
        )
    return f"{name} = keras.Sequential([{', '.join(parts)}])"
