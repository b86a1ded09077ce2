import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stridewise.shapes import output_size, pad_widths, read_counts, unread_pixels, window_starts

SIZES = st.integers(1, 24)
SMALL = st.integers(1, 6)
PADDINGS = st.sampled_from(["valid", "same"])
SPACINGS = st.one_of(st.tuples(SMALL, st.just(1)), st.tuples(st.just(1), SMALL))
ORACLE = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


def fits(size, kernel_size, padding, dilation_rate=1):
    return padding == "same" or (kernel_size - 1) * dilation_rate < size


@given(SIZES, SMALL, SPACINGS, PADDINGS)
@ORACLE
def test_each_tap_reads_the_pixel_that_tensorflow_reads(keras, size, kernel_size, spacing, padding):
    strides, dilation_rate = spacing
    if not fits(size, kernel_size, padding, dilation_rate):
        return
    pixels = np.arange(1.0, size + 1).reshape(1, size, 1)  # all different, none zero
    taps = np.eye(kernel_size).reshape(kernel_size, 1, kernel_size)  # one filter for each tap
    read = keras.ops.conv(pixels, taps, strides, padding, dilation_rate=dilation_rate)
    starts = window_starts(size, kernel_size, strides, padding, dilation_rate)
    places = np.add.outer(starts, np.arange(kernel_size) * dilation_rate)
    expected = np.where((places >= 0) & (places < size), places + 1, 0)
    np.testing.assert_array_equal(np.array(read)[0], expected)


@given(SIZES, SMALL, SPACINGS, PADDINGS)
@ORACLE
def test_zeros_and_unread_pixels_are_those_of_tensorflow(
    keras, size, kernel_size, spacing, padding
):
    strides, dilation_rate = spacing
    if not fits(size, kernel_size, padding, dilation_rate):
        return
    geometry = (size, kernel_size, strides, padding, dilation_rate)
    widths = pad_widths(*geometry)
    pixels = np.random.default_rng(0).normal(size=(1, size, 1))
    kernel = np.random.default_rng(1).normal(size=(kernel_size, 1, 1))
    whole = keras.ops.conv(pixels, kernel, strides, padding, dilation_rate=dilation_rate)
    padded = np.pad(pixels, ((0, 0), widths, (0, 0)))
    padded[0, [widths.before + pixel for pixel in unread_pixels(*geometry)]] = np.inf
    by_hand = keras.ops.conv(padded, kernel, strides, "valid", dilation_rate=dilation_rate)
    np.testing.assert_array_equal(np.array(whole), np.array(by_hand))


@given(SIZES, SIZES, SMALL, SMALL, SPACINGS, PADDINGS)
@ORACLE
def test_output_sizes_are_those_of_a_keras_layer(
    keras, height, width, tall, wide, spacing, padding
):
    strides, dilation_rate = spacing
    shape = (None, height, width, 2)
    same = (strides, padding, dilation_rate)
    layer = keras.layers.Conv2D(3, (tall, wide), strides, padding, dilation_rate=dilation_rate)
    if all(fits(*axis, padding, dilation_rate) for axis in ((height, tall), (width, wide))):
        expected = (None, output_size(height, tall, *same), output_size(width, wide, *same), 3)
        assert layer.compute_output_shape(shape) == expected
    else:
        with pytest.raises(ValueError, match="zero or negative"):
            layer.compute_output_shape(shape)


@given(SIZES, SMALL, SPACINGS, PADDINGS)
@ORACLE
def test_output_size_is_that_of_a_real_convolution(keras, size, kernel_size, spacing, padding):
    strides, dilation_rate = spacing
    if not fits(size, kernel_size, padding, dilation_rate):
        return
    layer = keras.layers.Conv1D(1, kernel_size, strides, padding, dilation_rate=dilation_rate)
    output = layer(np.zeros((1, size, 1)))
    assert output.shape[1] == output_size(size, kernel_size, strides, padding, dilation_rate)


@pytest.mark.parametrize(
    ("size", "kernel_size", "strides", "expected"),
    [
        pytest.param(5, 3, 1, (1, 1), id="odd-kernel-pads-evenly"),
        pytest.param(5, 2, 1, (0, 1), id="even-kernel-pads-after"),
        pytest.param(28, 3, 2, (0, 1), id="lesson-first-layer"),
        pytest.param(14, 3, 2, (0, 1), id="lesson-second-layer"),
        pytest.param(7, 3, 2, (1, 1), id="lesson-third-layer"),
        pytest.param(4, 1, 2, (0, 0), id="stride-skips-past-the-kernel"),
    ],
)
def test_an_odd_zero_goes_after(size, kernel_size, strides, expected):
    assert pad_widths(size, kernel_size, strides, "same") == expected


@given(SIZES, SMALL, SMALL)
def test_padding_valid_adds_no_zeros(size, kernel_size, strides):
    if kernel_size <= size:
        assert pad_widths(size, kernel_size, strides, "valid") == (0, 0)


@given(SIZES, SMALL, SMALL, SMALL)
def test_padding_same_ignores_the_kernel(size, kernel_size, strides, dilation_rate):
    outputs = output_size(size, kernel_size, strides, "same", dilation_rate)
    assert outputs == -(-size // strides)


@given(SIZES, SMALL, SMALL, PADDINGS, SMALL)
def test_every_tap_of_every_window_reads_a_pixel_or_a_zero(
    size, kernel_size, strides, padding, dilation_rate
):
    if not fits(size, kernel_size, padding, dilation_rate):
        return
    geometry = (size, kernel_size, strides, padding, dilation_rate)
    reach = range(0, kernel_size * dilation_rate, dilation_rate)
    places = [start + tap for start in window_starts(*geometry) for tap in reach]
    zeros = [place for place in places if not 0 <= place < size]
    assert sum(read_counts(*geometry)) + len(zeros) == output_size(*geometry) * kernel_size
    before, after = pad_widths(*geometry)
    assert all(-before <= place < size + after for place in places)


def test_a_corner_pixel_is_read_once_and_a_middle_one_by_every_tap():
    assert read_counts(7, 3) == (1, 2, 3, 3, 3, 2, 1)


def test_a_long_stride_leaves_gaps():
    assert unread_pixels(10, kernel_size=2, strides=4) == (2, 3, 6, 7)


def test_numpy_integers_are_taken_and_plain_ints_given():
    sizes = [output_size(np.int64(28), np.int32(3)), *window_starts(np.int64(4), np.int64(3))]
    assert [type(size) for size in sizes] == [int] * 3


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param((28.0, 3), "size=28.0 is not a whole number", id="float"),
        pytest.param((28, True), "kernel_size=True is not a whole number", id="bool"),
        pytest.param((28, "3"), "kernel_size='3' is not a whole number", id="text"),
        pytest.param((28, None), "kernel_size=None is not a whole number", id="none"),
        pytest.param((28, 0), "kernel_size=0 is too small; use 1 or more", id="zero"),
        pytest.param((0, 3), "size=0 is too small", id="no-pixels"),
        pytest.param((28, 3, -1), "strides=-1 is too small", id="backwards"),
        pytest.param((28, 3, 1, "valid", 0), "dilation_rate=0 is too small", id="no-dilation"),
        pytest.param((28, 3, 1, "full"), "padding='full' is not known; use", id="padding"),
        pytest.param((28, 3, 1, 1), "padding=1 is not known; use", id="padding-as-in-pytorch"),
        pytest.param((2, 3), "kernel_size=3 does not fit in size=2; use a smaller", id="too-wide"),
        pytest.param((6, 3, 1, "valid", 3), "spread over 7 pixels", id="too-wide-by-dilation"),
    ],
)
@pytest.mark.parametrize(
    "rule", [output_size, pad_widths, window_starts, read_counts, unread_pixels]
)
def test_impossible_values_are_refused_with_the_value_and_what_to_do(rule, values, message):
    with pytest.raises(ValueError, match=message):
        rule(*values)
