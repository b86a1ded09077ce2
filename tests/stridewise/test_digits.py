import numpy as np
import pytest

from stridewise import digits


@pytest.fixture(scope="module")
def splits():
    return digits.load_digits()


def test_digits_come_in_the_form_that_keras_gives_mnist_in(splits):
    for images, labels in splits:
        assert images.dtype == labels.dtype == np.uint8
        assert images.shape == (len(labels), 28, 28)
    assert [len(labels) >= least for (_, labels), least in zip(splits, (2000, 500), strict=True)]


def test_every_class_is_as_frequent_as_the_others(splits):
    for _, labels in splits:
        assert set(np.bincount(labels, minlength=10)) == {len(labels) // 10}


def test_digits_are_shuffled(splits):
    for _, labels in splits:
        assert len(set(labels[:40])) == 10


def test_the_same_digits_are_drawn_every_time(splits):
    digits._digits.cache_clear()  # noqa: SLF001 - draw, not remember
    for (images, labels), (again, labels_again) in zip(splits, digits.load_digits(), strict=True):
        assert (images == again).all()
        assert (labels == labels_again).all()


def test_changing_the_arrays_does_not_change_the_next_lesson(splits):
    (x_train, _), _ = digits.load_digits()
    x_train[:] = 0
    assert digits.load_digits()[0][0].any()
    assert splits[0][0].any()


def test_no_image_is_drawn_twice(splits):
    everything = np.concatenate([images for images, _ in splits])
    assert len(np.unique(everything.reshape(len(everything), -1), axis=0)) == len(everything)


def test_ink_is_on_black_and_stays_inside_the_frame(splits):
    (images, _), _ = splits
    inked = (images > 100).mean(axis=(1, 2))
    assert inked.min() > 0.02
    assert inked.max() < 0.4
    edge = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
    assert (edge > 100).mean() < 0.02


def test_the_nearest_average_picture_names_most_digits_but_far_from_all(splits):
    (x_train, y_train), (x_test, y_test) = splits
    averages = np.stack([x_train[y_train == digit].mean(axis=0) for digit in range(10)])
    distances = ((x_test[:, None].astype(float) - averages) ** 2).sum(axis=(2, 3))
    right = (distances.argmin(axis=1) == y_test).mean()
    assert 0.4 < right < 0.9
