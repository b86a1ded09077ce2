import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from stridewise import datasets
from stridewise.datasets import DatasetError, load_mnist, mnist_path, read_mnist
from stridewise.digits import load_digits


@pytest.fixture(autouse=True)
def keras_home(tmp_path, monkeypatch):
    for name in ("NBGRADER_EXECUTION", "STRIDEWISE_DIGITS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    return tmp_path


def arrays(**changed):
    rng = np.random.default_rng(0)
    made = {}
    for split, count in (("train", 20), ("test", 10)):
        made[f"x_{split}"] = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        made[f"y_{split}"] = (np.arange(count) % 10).astype(np.uint8)
    return made | changed


def keep(kept):
    np.savez_compressed(mnist_path(), **kept)
    return mnist_path()


def fetch_with(monkeypatch, code):
    monkeypatch.setattr(datasets, "_FETCH", "import os, time, pathlib\n" + code)


PARTIAL = """
kept = pathlib.Path(os.environ["KERAS_HOME"], "datasets")
kept.mkdir()
(kept / "mnist.npz").write_bytes(b"PK partial")
"""


@pytest.mark.slow
def test_mnist_is_where_keras_stores_it():
    code = "from keras.src.backend import config; print(config.keras_home())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert mnist_path() == Path(done.stdout.strip()) / "datasets" / "mnist.npz"


def test_without_keras_home_mnist_lies_below_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert mnist_path() == tmp_path / ".keras" / "datasets" / "mnist.npz"


def test_a_kept_copy_is_given_as_it_is(capsys):
    kept = arrays()
    keep(kept)
    (x_train, y_train), (x_test, y_test) = load_mnist()
    for name, given in (("x_train", x_train), ("y_train", y_train), ("x_test", x_test)):
        assert (given == kept[name]).all()
    assert (y_test == kept["y_test"]).all()
    assert capsys.readouterr() == ("MNIST: 20 images to train on, 10 to test on.\n", "")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda _: b"<html>sign in first</html>", id="a-login-page"),
        pytest.param(lambda whole: whole[: len(whole) // 2], id="cut-short"),
        pytest.param(lambda whole: whole[:500] + b"\0" * 99 + whole[599:], id="overwritten"),
    ],
)
def test_a_damaged_copy_is_an_error_that_names_the_file_to_delete(spoil):
    path = keep(arrays())
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DatasetError) as caught:
        load_mnist()
    assert "delete it" in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"x_train": np.zeros((20, 28, 27), np.uint8)}, id="wrong-size"),
        pytest.param({"x_train": np.zeros((20, 28, 28))}, id="floats"),
        pytest.param({"y_test": np.zeros(9, np.uint8)}, id="a-label-missing"),
        pytest.param({"y_test": np.full(10, 12, np.uint8)}, id="no-such-digit"),
        pytest.param({"y_train": np.zeros((20, 1), np.uint8)}, id="labels-in-a-column"),
        pytest.param({"x_test": np.array([{}], dtype=object)}, id="pickled"),
    ],
)
def test_a_copy_that_holds_something_else_is_refused(changed):
    with pytest.raises(DatasetError, match="delete it"):
        read_mnist(keep(arrays(**changed)))


def test_a_copy_without_labels_is_refused():
    kept = arrays()
    del kept["y_train"]
    with pytest.raises(DatasetError, match="y_train"):
        read_mnist(keep(kept))


def test_where_the_download_fails_the_built_in_digits_come_with_one_line(monkeypatch, capfd):
    fetch_with(monkeypatch, "print('noise', flush=True); raise SystemExit(1)")
    for given, drawn in zip(load_mnist(), load_digits(), strict=True):
        assert all((a == b).all() for a, b in zip(given, drawn, strict=True))
    out, err = capfd.readouterr()
    assert (out.count("\n"), err) == (1, "")
    assert out.startswith("The built-in digits (MNIST could not be downloaded): 3,000 images")


def test_a_download_that_hangs_is_ended_and_leaves_nothing_behind(monkeypatch, keras_home):
    fetch_with(monkeypatch, PARTIAL + "time.sleep(600)")
    begun = time.monotonic()
    load_mnist(wait_seconds=1.0)
    assert time.monotonic() - begun < 60  # not the ten minutes that the download would take
    assert [*(keras_home / "datasets").iterdir()] == []


def test_a_partial_download_is_not_kept(monkeypatch, keras_home):
    fetch_with(monkeypatch, PARTIAL)
    load_mnist()
    assert [*(keras_home / "datasets").iterdir()] == []


def test_a_whole_download_is_kept_for_the_next_lesson(monkeypatch, tmp_path, capsys):
    np.savez_compressed(tmp_path / "server.npz", **arrays())
    place = "kept = pathlib.Path(os.environ['KERAS_HOME'], 'datasets'); kept.mkdir()\n"
    fetch_with(
        monkeypatch,
        place + f"pathlib.Path({str(tmp_path / 'server.npz')!r}).rename(kept / 'mnist.npz')",
    )
    load_mnist()
    load_mnist()
    assert capsys.readouterr().out == "MNIST: 20 images to train on, 10 to test on.\n" * 2
    assert [path.name for path in (tmp_path / "datasets").iterdir()] == ["mnist.npz"]


@pytest.mark.parametrize("variable", ["NBGRADER_EXECUTION", "STRIDEWISE_DIGITS"])
def test_a_graded_run_takes_the_digits_at_once_even_beside_mnist(monkeypatch, capsys, variable):
    keep(arrays())
    monkeypatch.setenv(variable, "autograde")
    fetch_with(monkeypatch, "time.sleep(600)")
    (x_train, _), _ = load_mnist()
    assert len(x_train) == 3000
    assert capsys.readouterr().out.startswith("The built-in digits")


@pytest.mark.slow
def test_the_real_fetch_asks_keras_and_is_bounded(monkeypatch, keras_home, capfd):
    # No way out: the proxy is a closed port. Keras itself is really started and really fails.
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    load_mnist()
    out, err = capfd.readouterr()
    assert (out[:19], err) == ("The built-in digits", "")
    assert [*(keras_home / "datasets").iterdir()] == []
