"""What abstract base classes accept is restored, and their caches are emptied."""

import abc

import pytest

from autograder.running.inside.registries import Registries, layout_is_known


class Library(abc.ABC):
    """Stands for an abstract base class of a library."""

    @abc.abstractmethod
    def ask(self):
        """Has to be there."""


class Accepted:
    """Stands for a class of a library that is registered before any cell."""


class Answer:
    """Stands for a student's class."""


@pytest.fixture
def check():
    Library.register(Accepted)
    made = Registries()
    made.add("library.Library", Library)
    return made.make_check({id(Accepted), id(float)})


def noticed(check):
    found = []
    check(found)
    return found


def test_the_layout_is_as_it_is_read():
    assert layout_is_known()


def test_nothing_is_noticed_where_nothing_has_changed(check):
    assert issubclass(Accepted, Library)
    assert noticed(check) == []
    assert issubclass(Accepted, Library)


def test_a_librarys_class_that_was_registered_is_taken_out(check):
    Library.register(float)
    assert noticed(check) == ["library.Library"]
    assert not issubclass(float, Library)
    assert issubclass(Accepted, Library)


def test_a_class_of_the_notebooks_own_stays_registered(check):
    Library.register(Answer)
    assert noticed(check) == []
    assert issubclass(Answer, Library)


def test_a_wrong_answer_in_the_cache_is_forgotten(check, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Library, "__subclasshook__", classmethod(lambda *_: True))
        assert issubclass(int, Library)
    assert noticed(check) == []
    assert not issubclass(int, Library)


@pytest.mark.parametrize("name", ["_abc_impl", "__getattribute__"])
def test_code_of_a_student_is_not_called_where_a_registry_is_looked_up(check, name):
    called = []

    def own(kind, *_):
        called.append(kind)

    setattr(abc.ABCMeta, name, property(own) if name == "_abc_impl" else own)
    try:
        assert noticed(check) == [f"abc.ABCMeta.{name}"]
    finally:
        if name in vars(abc.ABCMeta):
            delattr(abc.ABCMeta, name)
    assert called == []
