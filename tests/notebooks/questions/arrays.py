"""Answers that are NumPy arrays, and functions of arrays."""

from .question import Question as Q

_NP = "import numpy as np"
QUESTIONS = [
    Q("a_shape", "a_shape = np.ones((2, 3))", "a_shape = np.array([[1.0] * 3] * 2)", "a_shape = [[1.0] * 3] * 2", "assert a_shape.shape == (2, 3)", given=_NP),
    Q("a_dtype", "a_dtype = np.zeros(3, dtype='uint8')", "a_dtype = np.array([0, 0, 0], np.uint8)", "a_dtype = np.zeros(3)", "assert a_dtype.dtype == np.uint8 and a_dtype.nbytes == 3"),
    Q("a_slice", "a_slice = np.arange(20)[::2]", "a_slice = np.arange(0, 20, 2)", "a_slice = list(range(0, 20, 2))", "assert (a_slice[2:5] == [4, 6, 8]).all()"),
    Q("a_mask", "a_mask = np.arange(6) % 2 == 0", "a_mask = np.array([True, False] * 3)", "a_mask = np.array([1, 0] * 3)", "assert np.arange(6)[a_mask].tolist() == [0, 2, 4]"),
    Q("a_matrix", "a_matrix = np.array([[0, 1], [1, 0]])", "a_matrix = np.eye(2, dtype=int)[::-1]", "a_matrix = np.eye(2)", "assert (a_matrix @ np.array([1, 2]) == [2, 1]).all()"),
    Q("a_order", "a_order = np.asfortranarray(np.ones((2, 3)))", "a_order = np.ones((2, 3), order='F')", "a_order = np.ones((2, 3))", "assert a_order.flags.f_contiguous and not a_order.flags.c_contiguous"),
    Q("a_scalar", "a_scalar = np.float32(0.1)", "a_scalar = np.array([0.1], 'float32')[0]", "a_scalar = 0.1", "assert a_scalar.dtype == np.float32"),
    Q("a_np_bool", "a_np_bool = np.bool_(True)", "a_np_bool = np.all([1])", "a_np_bool = True", "assert a_np_bool is not True and bool(a_np_bool)"),
    Q("a_long", "a_long = np.arange(100_000)", "a_long = np.array(range(100_000))", "a_long = np.arange(99_999)", "assert a_long.size == 100_000 and a_long.sum() == 4_999_950_000"),
    Q("a_object", "a_object = np.array([1, 'a', None], dtype=object)", "a_object = np.empty(3, object)\na_object[:] = [1, 'a', None]", "a_object = np.array(['1', 'a', 'None'])", "assert a_object[2] is None and a_object.dtype == object"),
    Q("a_records", "a_records = np.array([(1, 2.0)], dtype=[('n', 'i4'), ('x', 'f8')])", "a_records = np.zeros(1, dtype=[('n', 'i4'), ('x', 'f8')])\na_records['n'], a_records['x'] = 1, 2", "a_records = np.array([[1, 2.0]])", "assert a_records['x'][0] == 2.0"),
    Q("a_view", "a_base = np.zeros(4)\na_view = a_base[:2]", "a_base = np.zeros(4)\na_view = a_base.reshape(2, 2)", "a_base = np.zeros(4)\na_view = np.zeros(2)", "assert np.shares_memory(a_base, a_view)"),
    Q("a_changed", "a_changed = np.arange(3)", "a_changed = np.array([0, 1, 2])", "a_changed = np.array([0, 1, 5])", "a_changed += 1\nassert a_changed.tolist() == [1, 2, 3]"),
    Q("a_then", "a_then = [5]", "a_then = list((5,))", "a_then = [6]", "a_then.append(6)\nassert a_then == [5, 6]"),
    Q("a_function", "def a_function(x):\n    return (x - x.mean()) / x.std()", "a_function = lambda x: (x - np.mean(x)) / np.std(x)", "def a_function(x):\n    return x - x.mean()", "out = a_function(np.array([1.0, 2.0, 3.0]))\nassert isinstance(out, np.ndarray) and np.isclose(out.std(), 1)", stub="def a_function(x):\n    raise NotImplementedError"),
    Q("a_in_place", "def a_in_place(x):\n    x *= 2", "def a_in_place(x):\n    x[:] = [2 * each for each in x]", "def a_in_place(x):\n    x = x * 2", "data = np.array([1, 2])\na_in_place(data)\nassert data.tolist() == [2, 4]", stub="def a_in_place(x):\n    raise NotImplementedError"),
    Q("a_pure", "def a_pure(x):\n    return np.sort(x)", "def a_pure(x):\n    y = x.copy()\n    y.sort()\n    return y", "def a_pure(x):\n    x.sort()\n    return x", "data = np.array([2, 1])\nassert a_pure(data).tolist() == [1, 2] and data.tolist() == [2, 1]", stub="def a_pure(x):\n    raise NotImplementedError"),
    Q("a_seeded", "np.random.seed(0)\na_seeded = np.random.rand(3)", "a_seeded = np.random.RandomState(0).rand(3)", "a_seeded = np.random.RandomState(1).rand(3)", "np.random.seed(0)\nassert (a_seeded == np.random.rand(3)).all()"),
    Q("a_draws", "def a_draws(n):\n    return np.random.rand(n)", "def a_draws(n):\n    return np.random.random_sample(n)", "def a_draws(n):\n    return np.zeros(n)", "np.random.seed(3)\nfirst = a_draws(2)\nnp.random.seed(3)\nassert (first == np.random.rand(2)).all()", stub="def a_draws(n):\n    raise NotImplementedError"),
    Q("a_random", "import random\ndef a_random():\n    return random.randint(1, 6)", "from random import randint\ndef a_random():\n    return randint(1, 6)", "def a_random():\n    return 4", "import random\nrandom.seed(1)\nwanted = [random.randint(1, 6) for _ in range(9)]\nrandom.seed(1)\nassert [a_random() for _ in range(9)] == wanted", stub="def a_random():\n    raise NotImplementedError"),
    Q("a_warns", "def a_warns(x):\n    return 1 / (x + 1)", "def a_warns(x):\n    return np.divide(1, x + 1)", "def a_warns(x):\n    return np.array([1.0, 0.5]) + 0 * np.log(x)", "a_warns(np.array([0.0, 1.0]))", stub="def a_warns(x):\n    raise NotImplementedError"),
]
