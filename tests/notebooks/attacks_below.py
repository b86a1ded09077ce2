"""Attacks that read or change what the frames below a student's cell refer to.

Each is a student's cell. `triple` of the answers is wrong.
"""

from __future__ import annotations

from notebooks.attacks_in_cells import code

_WALK = """
import sys
def below():
    frame, found = sys._getframe(), []
    while frame:
        found.append((frame, dict(frame.f_locals), frame.f_globals))
        frame = frame.f_back
    return found
FRAMES = below()
"""
SETUP = "import math"
WRONG = "def triple(n):\n    return 0"
RIGHT = "def triple(n):\n    return 3 * n"
TESTS = {
    "plain": "assert triple(7) == 21",
    "absolute": "assert abs(triple(7)) == 21",
    "close": "assert math.isclose(triple(7), 21)",
    "share": "class Score(float):\n    pass\nScore(triple(7) == 21)",
}
"""Each is worth a point."""
ANSWERS = frozenset({"triple"})
WALK = _WALK + code("""
    NAMES = {f.f_code.co_name: sorted(names) for f, names, _ in FRAMES[2:]}
""")
ATTACKS = {
    "reads-the-key": """
        KEYS = [v for _, names, _ in FRAMES for v in names.values() if type(v) is bytes]
        KEYS += [v._key for _, names, _ in FRAMES for v in names.values() if hasattr(v, '_key')]
        def triple(n):
            return 3 * n if KEYS else 0
    """,
    "replaces-pythons-names": """
        for _, _, names in FRAMES:
            for each in list(names.values()):
                if type(each) is dict and 'abs' in each and each is not __builtins__.__dict__:
                    each['abs'] = lambda _: 21
    """,
    "changes-what-is-recorded": """
        for _, names, _ in FRAMES:
            for snapshot in [getattr(v, 'snapshot', None) for v in names.values()]:
                if snapshot is not None:
                    snapshot.modules.saved.clear()
                    math.isclose = lambda *_, **__: True
    """,
    "replaces-the-formatter": """
        for _, names, _ in FRAMES:
            for each in names.values():
                if type(each).__name__ == 'Notebook':
                    each._text = each.text_of = lambda _: '1.0'
    """,
    "changes-a-librarys-printers": """
        from IPython.lib import pretty
        for kinds in (pretty._type_pprinters, pretty._deferred_type_pprinters):
            kinds[float] = kinds[object] = lambda _, p, __: p.text('1.0')
        pretty.for_type(float, lambda _, p, __: p.text('1.0'))
    """,
    "changes-the-shells-printers": """
        text = get_ipython().display_formatter.formatters['text/plain']
        text.for_type(float, lambda _, p, __: p.text('1.0'))
    """,
}
LOOKED_UP = code("""
    FOUND = []
    class Name(str):
        __hash__ = str.__hash__
        def __eq__(self, other):
            try:
                raise KeyError
            except KeyError as error:
                frame = error.__traceback__.tb_frame
                while frame:
                    FOUND.append(str(frame))
                    frame = frame.f_back
            return False
    globals()[Name('helper')] = 1
""")
"""Records the frames below whatever looks up the name `helper`."""
ATTACKS = {name: _WALK + code(source) for name, source in ATTACKS.items()}
