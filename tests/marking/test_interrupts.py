import os
import signal
import threading

import pytest

from autograder.marking.interrupts import uninterrupted


@pytest.fixture(autouse=True)
def _ctrl_c_raises():
    """A shell starts a background command with SIGINT ignored; then Ctrl-C would do nothing."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press_ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)


def interrupted_at_work(done):
    with uninterrupted():
        press_ctrl_c()
        done.append("whole")


def test_ctrl_c_takes_effect_when_the_block_has_ended():
    done = []
    with pytest.raises(KeyboardInterrupt):
        interrupted_at_work(done)
    assert done == ["whole"]


def test_ctrl_c_after_the_block_works_as_usual():
    with uninterrupted():
        pass
    with pytest.raises(KeyboardInterrupt):
        press_ctrl_c()


def test_a_thread_beside_the_main_one_is_left_alone():
    before, done = signal.getsignal(signal.SIGINT), []

    def work():
        with uninterrupted():
            done.append(signal.getsignal(signal.SIGINT) is before)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
