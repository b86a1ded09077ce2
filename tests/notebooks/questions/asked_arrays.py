"""As courses ask: random numbers, linear algebra, structured and masked arrays, time, plots."""

from .question import Question

QUESTIONS = [
    Question(
        "q_boot",
        """\
import numpy as np
def q_boot(x, n, seed):
    rng = np.random.default_rng(seed)
    return np.array([rng.choice(x, len(x)).mean() for _ in range(n)])""",
        """\
import numpy as np
def q_boot(x, n, seed):
    rng = np.random.default_rng(seed)
    x = np.asarray(x)
    return x[rng.integers(0, len(x), (n, len(x)))].mean(1)""",
        """\
import numpy as np
def q_boot(x, n, seed):
    return np.full(n, np.mean(x))""",
        """\
import numpy as np
x = np.arange(50)
b = q_boot(x, 400, 1)
assert b.shape == (400,) and abs(b.std() - x.std() / 50 ** .5) < 0.4 and (b == q_boot(x, 400, 1)).all() and (b != q_boot(x, 400, 2)).any()""",
    ),
    Question(
        "q_rng",
        """\
import numpy as np
rng = np.random.default_rng(12)
q_rng = rng.normal(size=(3, 2))""",
        """\
import numpy as np
q_rng = np.random.Generator(np.random.PCG64(12)).standard_normal((3, 2))""",
        """\
import numpy as np
np.random.seed(12)
q_rng = np.random.normal(size=(3, 2))""",
        """\
import numpy as np
np.testing.assert_array_equal(q_rng, np.random.default_rng(12).normal(size=(3, 2)))""",
    ),
    Question(
        "q_generator",
        """\
import numpy as np
q_generator = np.random.default_rng(3)""",
        """\
import numpy as np
q_generator = np.random.Generator(np.random.PCG64(3))""",
        """\
import numpy as np
q_generator = np.random.RandomState(3)""",
        """\
import numpy as np
assert q_generator.integers(0, 100, 5).tolist() == np.random.default_rng(3).integers(0, 100, 5).tolist()""",
    ),
    Question(
        "q_solve",
        """\
import numpy as np
def q_solve(A, b): return np.linalg.solve(A, b)""",
        """\
import numpy as np
def q_solve(A, b):
    q, r = np.linalg.qr(A)
    y = q.T @ b
    x = np.zeros_like(y)
    for i in range(len(y) - 1, -1, -1): x[i] = (y[i] - r[i, i + 1:] @ x[i + 1:]) / r[i, i]
    return x""",
        "def q_solve(A, b): return A @ b",
        """\
import numpy as np
rng = np.random.default_rng(0)
for n in (1, 3, 6):
    A, b = rng.normal(size=(n, n)), rng.normal(size=n)
    assert np.allclose(A @ q_solve(A, b), b)
try: q_solve(np.ones((2, 2)) * np.nan, np.ones(3))
except (ValueError, np.linalg.LinAlgError): pass
else: raise AssertionError""",
    ),
    Question(
        "q_eig",
        """\
import numpy as np
q_eig = np.linalg.eigh(np.array([[2.0, 1], [1, 2]]))""",
        """\
import numpy as np
from numpy.linalg import eigh
q_eig = eigh(np.array([[2, 1], [1, 2]], float))""",
        """\
import numpy as np
q_eig = np.linalg.eig(np.array([[2.0, 1], [0, 2]]))""",
        """\
import numpy as np
assert np.allclose(q_eig.eigenvalues, [1, 3]) and np.allclose(abs(q_eig[1]), 0.5 ** .5) and type(q_eig).__name__ == 'EighResult'""",
    ),
    Question(
        "q_svd",
        """\
import numpy as np
q_svd = np.linalg.svd(np.arange(6.0).reshape(2, 3), full_matrices=False)""",
        """\
import numpy as np
a = np.arange(6.0).reshape(2, 3)
w, v = np.linalg.eigh(a @ a.T)
q_svd = v[:, ::-1], w[::-1] ** .5, (v.T @ a / w[:, None] ** .5)[::-1]""",
        """\
import numpy as np
q_svd = np.linalg.svd(np.arange(6.0).reshape(3, 2), full_matrices=False)""",
        """\
import numpy as np
U, s, Vt = q_svd
assert np.allclose(U * s @ Vt, np.arange(6).reshape(2, 3)) and U.shape == (2, 2)""",
    ),
    Question(
        "q_records",
        """\
import numpy as np
q_records = np.array([('Ada', 36, 1.7), ('Bob', 20, 1.8)], dtype=[('name', 'U10'), ('age', 'i4'), ('height', 'f8')])""",
        """\
import numpy as np
q_records = np.zeros(2, {'names': ['name', 'age', 'height'], 'formats': ['U10', np.int32, float]})
q_records['name'] = 'Ada', 'Bob'; q_records['age'] = 36, 20; q_records['height'] = 1.7, 1.8""",
        """\
import numpy as np
q_records = np.array([('Ada', 36, 1.7), ('Bob', 20, 1.8)], dtype=object)""",
        """\
import numpy as np
assert q_records.dtype.names == ('name', 'age', 'height') and q_records['age'].mean() == 28 and np.sort(q_records, order='age')[0]['name'] == 'Bob'
assert q_records[['name', 'age']].dtype.names == ('name', 'age') and q_records.view(np.recarray).height.max() == 1.8""",
    ),
    Question(
        "q_masked",
        """\
import numpy.ma as ma
q_masked = ma.masked_less(ma.array([1, -9, 3, -9]), 0)""",
        """\
import numpy as np
q_masked = np.ma.array([1, -9, 3, -9], mask=[0, 1, 0, 1])""",
        """\
import numpy as np
q_masked = np.array([1, np.nan, 3, np.nan])""",
        """\
import numpy as np
assert q_masked.mean() == 2 and q_masked.count() == 2 and q_masked.mask.tolist() == [False, True, False, True] and q_masked[1] is np.ma.masked
assert q_masked.filled(0).tolist() == [1, 0, 3, 0]""",
    ),
    Question(
        "q_stack",
        """\
import numpy as np
def q_stack(a):
    a[a < 0] = 0""",
        """\
import numpy as np
def q_stack(a):
    np.maximum(a, 0, out=a)""",
        """\
def q_stack(a):
    return a.clip(0)""",
        """\
import numpy as np
a = np.array([[-1, 2], [3, -4]]); view = a[0]
q_stack(a)
assert view.tolist() == [0, 2] and a.base is None and a.sum() == 5""",
    ),
    Question(
        "q_memmap",
        """\
import numpy as np
np.save('q_memmap.npy', np.arange(10.0))
q_memmap = np.load('q_memmap.npy', mmap_mode='r')""",
        """\
import numpy as np
q_memmap = np.memmap('q_memmap.dat', dtype=float, mode='w+', shape=10)
q_memmap[:] = range(10)""",
        """\
import numpy as np
q_memmap = np.arange(10.0)""",
        """\
import numpy as np
assert isinstance(q_memmap, np.memmap) and q_memmap[3:5].sum() == 7""",
    ),
    Question(
        "q_npz",
        """\
import numpy as np
np.savez('q_npz.npz', a=np.arange(3), b=np.eye(2))
q_npz = 'q_npz.npz'""",
        """\
import numpy as np
np.savez_compressed('q_npz', b=np.eye(2), a=np.arange(3))
q_npz = 'q_npz.npz'""",
        """\
import numpy as np
np.save('q_npz.npy', np.eye(2)); q_npz = 'q_npz.npy'""",
        """\
import numpy as np
with np.load(q_npz) as z:
    assert sorted(z.files) == ['a', 'b'] and z['b'].trace() == 2""",
    ),
    Question(
        "q_dt64",
        """\
import numpy as np
q_dt64 = np.arange('2026-02-26', '2026-03-02', dtype='datetime64[D]')""",
        """\
import numpy as np
q_dt64 = np.datetime64('2026-02-26') + np.arange(4)""",
        """\
import numpy as np
q_dt64 = np.array(['2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01'])""",
        """\
import numpy as np
assert q_dt64.dtype == 'datetime64[D]' and np.is_busday(q_dt64).tolist() == [True, True, False, False] and q_dt64[-1] - q_dt64[0] == np.timedelta64(3, 'D')""",
    ),
    Question(
        "q_plot",
        """\
import matplotlib.pyplot as plt, numpy as np
q_plot, (q_l, q_r) = plt.subplots(1, 2, figsize=(8, 3))
x = np.linspace(0, 1, 50)
q_l.plot(x, x ** 2, 'r--', label='square'); q_l.legend(); q_l.set(xlabel='x', ylabel='y', xlim=(0, 1))
_ = q_r.hist([1, 2, 2, 3], bins=3, color='C1')""",
        """\
import matplotlib.pyplot as plt, numpy as np
q_plot = plt.figure(figsize=(8, 3))
plt.subplot(121)
x = np.arange(50) / 49
plt.plot(x, x * x, color='red', linestyle='dashed', label='square')
plt.legend(loc='best'); plt.xlabel('x'); plt.ylabel('y'); plt.xlim(0, 1)
plt.subplot(1, 2, 2)
plt.hist(np.array([1, 2, 2, 3]), 3)
plt.show()""",
        """\
import matplotlib.pyplot as plt, numpy as np
q_plot, ax = plt.subplots(figsize=(8, 3))
x = np.linspace(0, 1, 50)
_ = ax.plot(x, x ** 2)""",
        """\
import numpy as np
from matplotlib.colors import same_color
left, right = q_plot.axes
line, = left.lines
assert np.allclose(line.get_ydata(), line.get_xdata() ** 2) and same_color(line.get_color(), 'r') and line.get_linestyle() == '--'
assert left.get_legend().get_texts()[0].get_text() == 'square' and left.get_xlabel() == 'x' and left.get_xlim() == (0, 1)
assert [p.get_height() for p in right.patches] == [1, 2, 1] and q_plot.get_size_inches().tolist() == [8, 3]""",
    ),
    Question(
        "q_scatter",
        """\
import matplotlib.pyplot as plt
plt.figure()
q_scatter = plt.scatter([1, 2, 3], [3, 1, 2], c=[0, 1, 2], s=40, cmap='viridis')
_ = plt.colorbar(q_scatter, label='group')""",
        """\
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
q_scatter = ax.scatter(x=[1, 2, 3], y=[3, 1, 2], c=range(3), s=40)
fig.colorbar(q_scatter).set_label('group')""",
        """\
import matplotlib.pyplot as plt
plt.figure()
q_scatter, = plt.plot([1, 2, 3], [3, 1, 2], 'o')""",
        """\
assert q_scatter.get_offsets().tolist() == [[1, 3], [2, 1], [3, 2]] and q_scatter.get_cmap().name == 'viridis'
assert q_scatter.colorbar is not None and q_scatter.colorbar.ax.get_ylabel() == 'group' and len(q_scatter.figure.axes) == 2""",
    ),
    Question(
        "q_saved",
        """\
import matplotlib.pyplot as plt
plt.figure(); plt.bar(['a', 'b'], [1, 2])
plt.savefig('q_saved.png', dpi=50); plt.close()
q_saved = 'q_saved.png'""",
        """\
import matplotlib.pyplot as plt, pathlib
fig, ax = plt.subplots(); ax.bar(['a', 'b'], [1, 2])
q_saved = pathlib.Path('q_saved.png'); fig.savefig(q_saved, dpi=50)""",
        """\
q_saved = 'q_saved.png'
open(q_saved, 'w').write('picture')""",
        """\
import matplotlib.image as mpimg
picture = mpimg.imread(q_saved)
assert picture.shape == (240, 320, 4)""",
    ),
]
