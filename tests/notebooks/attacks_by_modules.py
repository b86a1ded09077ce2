"""Attacks by modules of Python that have no audit hook, or write to memory.

Each is a student's cell after wrong answers. A second interpreter of Python has no audit hooks; in
it, `ctypes` gives a function of NumPy other code.
"""

from __future__ import annotations

from notebooks.attacks_by_c_functions import ANSWERS, RIGHT, SETUP, TESTS, WRONG
from notebooks.attacks_in_cells import code

__all__ = ["ANSWERS", "ATTACKS", "RIGHT", "SETUP", "TESTS", "WRONG"]

_CHANGE = code("""
    source = '''
    import ctypes
    word = ctypes.c_size_t.from_address
    words = [word(START + at).value for at in range(0, 96, 8)]
    word(START + 8 * words.index(OLD)).value = NEW
    '''.replace('\\n    ', '\\n').replace('START', str(id(function)))
    source = source.replace('OLD', str(id(function.__code__))).replace('NEW', str(id(always)))
    getattr(inner, 'run_string', getattr(inner, 'exec', None))(inner.create(), source)
""")
_PATH = code("""
    import _imp, glob, importlib.machinery, shutil, sysconfig
    folder = sysconfig.get_path('stdlib') + '/lib-dynload/'
    [path] = glob.glob(folder + '_xxsubi*.so') + glob.glob(folder + '_interpreters*.so')
    name = path.rpartition('/')[2].partition('.')[0]
""")
_NAME = code("""
    class Name(str):
        def __hash__(self):
            return 1
    inner = __import__(Name(name))
    for each in list(sys.modules):
        if type(each) is Name:
            del sys.modules[each]
""")
ATTACKS: dict[str, str] = {
    "imported": "import _xxsubinterpreters as inner",
    "imported-in-a-later-python": "import _interpreters as inner",
    "imported-by-a-library": "import test.support.interpreters as of\ninner = of._interpreters",
    "imported-by-a-library-that-is-not-named": """
        import importlib
        inner = importlib.import_module('.'.join(['test', 'support', 'interpreters']))._interpreters
    """,
    "imported-by-a-thread": _PATH
    + "\n"
    + code("""
        with ThreadPoolExecutor(1) as pool:
            inner = pool.submit(__import__, name).result()
    """),
    "imported-by-a-name-of-its-own-class": f"{_PATH}\n{_NAME}",
    "loaded-by-another-name": _PATH
    + "\n"
    + code("""
        inner = _imp.create_dynamic(importlib.machinery.ModuleSpec('a.' + name, None, origin=path))
        _imp.exec_dynamic(inner)
    """),
    "loaded-by-pythons-importer": _PATH
    + "\n"
    + code("""
        loader = importlib.machinery.ExtensionFileLoader('a.' + name, path)
        spec = importlib.machinery.ModuleSpec('a.' + name, loader, origin=path)
        inner = loader.create_module(spec)
        loader.exec_module(inner)
    """),
    "loaded-from-a-copy": _PATH
    + "\n"
    + code("""
        shutil.copy(path, 'own.so')
        spec = importlib.machinery.ModuleSpec('own.' + name, None, origin='own.so')
        inner = _imp.create_dynamic(spec)
        _imp.exec_dynamic(inner)
    """),
}
ATTACKS = {name: f"{code(text)}\n{_CHANGE}" for name, text in ATTACKS.items()}
