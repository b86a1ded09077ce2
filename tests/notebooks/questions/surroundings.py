"""Tests that look at more than one value: names, files, printed text, magics, figures, order."""

from .question import Question as Q

_PLOT = "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt"
QUESTIONS = [
    Q("s_name", "s_name = 1\ns_extra = 2", "s_extra = None\ns_name = 1", "s_name = 1", "assert 's_extra' in globals()"),
    Q("s_no_name", "s_no_name = 1", "s_no_name = 2 - 1", "s_no_name = 1\ns_forbidden = 2", "assert s_no_name == 1 and 's_forbidden' not in dir()"),
    Q("s_deleted", "s_deleted = 1\ns_gone = 2\ndel s_gone", "s_deleted = 1", "s_deleted = 1\ns_gone = 2", "try:\n    s_gone\nexcept NameError:\n    assert s_deleted\nelse:\n    assert False"),
    Q("s_first", "s_first = 1", "s_first = 2 // 2", "s_first = 3", "s_carried = s_first + 1\nassert s_first == 1"),
    Q("s_second", "s_second = 2", "s_second = 1 + 1", "s_second = 3", "assert s_second == 2 and s_carried in (2, 4)"),
    Q("s_rebound", "s_rebound = 2", "s_rebound = 1 + 1", "s_rebound = 3", "s_kept = s_rebound\ns_rebound = 10\nassert s_kept == 2"),
    Q("s_after", "s_after = 10", "s_after = 5 * 2", "s_after = 3", "assert s_rebound == s_after"),
    Q("s_file", "with open('s_file.txt', 'w') as f:\n    _ = f.write('hello')\ns_file = True", "import pathlib\n_ = pathlib.Path('s_file.txt').write_text('hello')\ns_file = True", "s_file = True", "with open('s_file.txt') as f:\n    assert f.read() == 'hello' and s_file"),
    Q("s_reader", "def s_reader(path):\n    with open(path) as f:\n        return f.read().split()", "import pathlib\ndef s_reader(path):\n    return pathlib.Path(path).read_text().split()", "def s_reader(path):\n    return path.split()", "import os, tempfile\nwith tempfile.NamedTemporaryFile('w', delete=False) as f:\n    f.write('a b')\nassert s_reader(f.name) == ['a', 'b']\nos.remove(f.name)", stub="def s_reader(path):\n    raise NotImplementedError"),
    Q("s_captured", "def s_captured():\n    print('a')", "def s_captured():\n    print(chr(97))", "def s_captured():\n    return 'a'", "%%capture s_out\ns_captured()", stub="def s_captured():\n    raise NotImplementedError"),
    Q("s_capture_seen", "s_capture_seen = 'a'", "s_capture_seen = chr(97)", "s_capture_seen = 'b'", "assert s_out.stdout.strip() in ('a', '') and s_capture_seen == 'a'"),
    Q("s_magic", "s_magic = 5", "s_magic = 2 + 3", "s_magic = 6", "%matplotlib inline\nassert s_magic == 5"),
    Q("s_figure", "s_figure, s_ax = plt.subplots()\n_ = s_ax.plot([1, 2, 3])\n_ = s_ax.set_title('T')", "s_figure = plt.figure()\ns_ax = s_figure.add_subplot()\n_ = s_ax.plot([1, 2, 3])\ns_ax.title.set_text('T')", "s_figure, s_ax = plt.subplots()\n_ = s_ax.plot([1, 2, 4])", "assert s_ax.lines[0].get_ydata().tolist() == [1, 2, 3] and s_ax.get_title() == 'T' and len(s_figure.axes) == 1", given=_PLOT),
    Q("s_plotter", "def s_plotter(x):\n    plt.close('all')\n    plt.bar(range(len(x)), x)", "def s_plotter(x):\n    plt.close('all')\n    _, ax = plt.subplots()\n    ax.bar(range(len(x)), x)", "def s_plotter(x):\n    plt.close('all')\n    plt.plot(x)", "s_plotter([1, 2])\nassert len(plt.gca().patches) == 2\nplt.close('all')", stub="def s_plotter(x):\n    raise NotImplementedError"),
    Q("s_environment", "import os\nos.environ['S_MODE'] = 'on'\ns_environment = 1", "import os\nos.environ.update(S_MODE='on')\ns_environment = 1", "s_environment = 1", "import os\nassert os.environ.get('S_MODE') == 'on' and s_environment"),
    Q("s_out", "s_result = 6 * 7\ns_out = s_result", "s_out = 42", "s_out = 41", "s_out\nassert s_out == 42"),
    Q("s_stopped", "s_stopped = 1\n1 / 0\ns_stopped = 2", "s_stopped = 1\nraise KeyError", "1 / 0\ns_stopped = 1", "assert s_stopped == 1"),
    Q("s_warning", "s_warning = 3", "s_warning = 1 + 2", "s_warning = 4", "import warnings\nif s_warning != 3:\n    warnings.warn('look again')"),
    Q("s_stderr", "s_stderr = 3", "s_stderr = 1 + 2", "s_stderr = 4", "import sys\nif s_stderr != 3:\n    print('look again', file=sys.stderr)"),
    Q("s_exit", "s_exit = 3", "s_exit = 1 + 2", "s_exit = 4", "if s_exit != 3:\n    raise SystemExit"),
    Q("s_display", "s_display = 3", "s_display = 1 + 2", "s_display = 4", "display(s_display)\nassert s_display == 3"),
    Q("s_shadow", "s_shadow = 3\nlist = None", "s_shadow = 3", "s_shadow = 4", "assert s_shadow == 3\nlist = type([])"),
    Q("s_dunder", "s_dunder = __name__", "s_dunder = '__main__'", "s_dunder = 'main'", "assert s_dunder == __name__"),
    Q("s_slow", "import time\ns_begin = time.perf_counter()\ns_slow = sum(range(1000))", "import time\ns_begin = time.perf_counter()\ns_slow = 499500", "import time\ns_begin = 0\ns_slow = 1", "assert s_slow == 499500 and s_begin > 0"),
]
