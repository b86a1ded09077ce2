"""Wrong rules for channels, for Flatten and for how a shape is written down."""

from __future__ import annotations

from math import prod

from stridewise.predictions import Size

from .chain import Answer, RowContext, whole
from .misconception import Layout, Misconception

_A_BATCH = 60_000  # the number of training images is what learners write most


def _spatial(row: Answer) -> bool:
    return len(row) > 2  # noqa: PLR2004 - batch and channels are always there


def _channels_first(row: Answer) -> Answer:
    return (row[0], row[-1], *row[1:-1]) if _spatial(row) else row


def _from_channels_first(row: Answer, right: Answer) -> Answer | None:
    if len(row) != len(right):
        return None
    return (row[0], *row[2:], row[1]) if _spatial(right) else row


def _with_batch(row: Answer) -> Answer:
    return (_A_BATCH, *row[1:])


def _from_batch(row: Answer, right: Answer) -> Answer | None:
    named = len(row) == len(right) and row[0] is not None
    return (None, *row[1:]) if named else None


def _without_batch(row: Answer) -> Answer:
    return row[1:]


def _from_without_batch(row: Answer, right: Answer) -> Answer | None:
    bare = len(row) == len(right) - 1 and row[0] is not None
    return (None, *row) if bare else None


def _without_channels(row: Answer) -> Answer:
    return row[:-1] if _spatial(row) else row


def _from_without_channels(row: Answer, right: Answer) -> Answer | None:
    if not _spatial(right):
        return row if len(row) == len(right) else None
    return (*row, right[-1]) if len(row) == len(right) - 1 and row[0] is None else None


def _maps_multiply(step: RowContext) -> int:
    return step.channels * step.place.filters


def _count_of_multiplied(step: RowContext, _shape: Answer) -> int:
    maps, biased = _maps_multiply(step), step.place.biases > 0
    return step.place.area * step.channels * maps + biased * maps


def _maps_add_up(step: RowContext) -> int:
    return step.place.filters + (0 if step.place.first_conv else step.channels)


def _one_map(step: RowContext) -> int:
    return step.channels


def _divided_by_the_window(step: RowContext) -> int:
    return step.channels // step.place.windows[0].kernel_size


def _one_map_of_all(_step: RowContext) -> int:
    return 1


def _flat(count: Size, step: RowContext) -> Answer:
    return (step.before[0], count)


def _flat_of_all(step: RowContext) -> Answer:
    return _flat(prod(map(whole, step.before[1:])), step)


def _flat_without_channels(step: RowContext) -> Answer:
    return _flat(prod(map(whole, step.spatial)), step)


def _flat_of_one_side(step: RowContext) -> Answer:
    return _flat(whole(step.before[1]) * step.channels, step)


def _flat_of_sums(step: RowContext) -> Answer:
    return _flat(sum(map(whole, step.before[1:])), step)


def _not_flattened(step: RowContext) -> Answer:
    return step.before


def _joined_two(step: RowContext) -> Answer:
    if len(step.spatial) < len(("height", "width")):
        return _flat_of_all(step)
    *kept, width, channels = step.before
    return (*kept, whole(width) * whole(channels))


def _joined_pixels(step: RowContext) -> Answer:
    if len(step.spatial) < len(("height", "width")):
        return _flat_of_all(step)
    return (step.before[0], prod(map(whole, step.spatial)), step.channels)


def _averaged(step: RowContext) -> Answer:
    return _flat(step.channels, step)


def _flat_of_the_row_before(step: RowContext) -> Answer:
    read = step.earlier[-2] if len(step.earlier) > 1 else step.before
    return _flat(prod(map(whole, read[1:])), step)


MAP_RULES = (
    Misconception(
        id="channels_first",
        name="The channels are written before the height and the width.",
        leaves_out="Keras writes the channels last.",
        question="In the shape of the input, where are the channels?",
        evidence="L",
        working="channels first",
        layout=Layout(_channels_first, _from_channels_first),
    ),
    Misconception(
        id="names_a_batch",
        name="The batch is written as a number of images.",
        leaves_out="Keras leaves the batch open: None.",
        question="Would the model be another one if you gave it 10 images instead of 32?",
        evidence="L",
        working="a number of images first",
        layout=Layout(_with_batch, _from_batch),
    ),
    Misconception(
        id="leaves_out_the_batch",
        name="The batch is left out of the shape.",
        leaves_out="Keras shows the batch first, as None.",
        question="In a shape of the summary, what does Keras show before the height?",
        evidence="C",
        working="no batch",
        layout=Layout(_without_batch, _from_without_batch),
    ),
    Misconception(
        id="leaves_out_the_channels",
        name="The channels are left out of the shape.",
        leaves_out="Every filter gives one map; the number of maps comes last.",
        question="How many maps does a layer with 32 filters give?",
        evidence="L",
        working="no channels",
        layout=Layout(_without_channels, _from_without_channels),
    ),
    Misconception(
        id="input_channels_first",
        name="The network is given its input with the channels first.",
        leaves_out="Keras takes the first number for the height, and the last for the channels.",
        question="If the input is (1, 28, 28), how high is the image for Keras?",
        evidence="L",
        working="what {channels_first} gives",
        count_working="({k2} · {width} + 1) · {f}",
        start=_channels_first,
    ),
    Misconception(
        id="maps_multiply",
        name="Every filter makes one map from each map that it reads.",
        leaves_out="A filter reads all the maps and adds up: one filter, one map.",
        question="Does one filter give one map, or one for every map it reads?",
        evidence="L",
        working="{cin} · {f}",
        count_working="({k2} · {cin} + 1) · {cin} · {f}",
        channels=_maps_multiply,
        conv_count=_count_of_multiplied,
    ),
    Misconception(
        id="maps_add_up",
        name="The maps of a layer are added to those before it.",
        leaves_out="A layer gives its own maps only.",
        question="After a layer with 32 filters, are the maps that it read still there?",
        evidence="C",
        working="{cin} + {f}",
        channels=_maps_add_up,
    ),
    Misconception(
        id="one_map_a_layer",
        name="A convolution gives as many maps as it reads.",
        leaves_out="It gives one map for each of its filters.",
        question="What does the first argument of Conv2D say?",
        evidence="L",
        working="as many maps as before",
        channels=_one_map,
    ),
    Misconception(
        id="pooling_divides_channels",
        name="Pooling divides the number of maps by its window, too.",
        leaves_out="Pooling works on each map alone: as many maps come out as went in.",
        question="Does pooling read two maps together, or each one alone?",
        evidence="C",
        working="⌊{cin} ÷ {kernel}⌋",
        channels=_divided_by_the_window,
        pooling="only",
    ),
    Misconception(
        id="pooling_gives_one_map",
        name="Pooling gives one map, however many it reads.",
        leaves_out="Pooling works on each map alone: as many maps come out as went in.",
        question="Does pooling read all maps together, or each one alone?",
        evidence="C",
        working="one map",
        channels=_one_map_of_all,
        pooling="only",
    ),
    Misconception(
        id="flatten_drops_channels",
        name="Flatten counts the pixels of one map.",
        leaves_out="Flatten keeps every number of every map.",
        question="How many maps does Flatten read?",
        evidence="L",
        working="{one_map}",
        flat=_flat_without_channels,
    ),
    Misconception(
        id="flatten_takes_one_side",
        name="Flatten multiplies one side by the channels.",
        leaves_out="Multiply height, width and channels.",
        question="How many pixels has a map that is 4 high and 4 wide?",
        evidence="C",
        working="{side} · {cin}",
        flat=_flat_of_one_side,
    ),
    Misconception(
        id="flatten_adds",
        name="Flatten adds the numbers of the shape.",
        leaves_out="Multiply height, width and channels.",
        question="How many numbers are there in a table of 4 by 3?",
        evidence="C",
        working="{summed}",
        flat=_flat_of_sums,
    ),
    Misconception(
        id="no_flatten",
        name="Flatten changes nothing, and Dense works on the channels of each pixel.",
        leaves_out="Flatten puts every number into one line, and Dense reads them all.",
        question="What does Dense do with an input that has a height and a width?",
        evidence="T",
        working="{before}",
        flat=_not_flattened,
    ),
    Misconception(
        id="flatten_joins_two",
        name="Flatten joins the width and the channels only.",
        leaves_out="Flatten puts every number into one line: only the batch stays apart.",
        question="After Flatten, how many numbers does a shape have, with that of the batch?",
        evidence="C",
        working="the width times the channels",
        flat=_joined_two,
    ),
    Misconception(
        id="flatten_joins_pixels",
        name="Flatten joins the pixels, and keeps the channels apart.",
        leaves_out="Flatten puts every number into one line: only the batch stays apart.",
        question="After Flatten, how many numbers does a shape have, with that of the batch?",
        evidence="C",
        working="the pixels in one line",
        flat=_joined_pixels,
    ),
    Misconception(
        id="flatten_averages",
        name="Flatten leaves one number for each map.",
        leaves_out="Flatten keeps every number. Global average pooling leaves one for each map.",
        question="Which layer averages a map?",
        evidence="C",
        working="one number for each map",
        flat=_averaged,
    ),
    Misconception(
        id="flatten_reads_the_row_before",
        name="Flatten reads the layer before the last one.",
        leaves_out="Flatten reads the row just above it.",
        question="Which row is just above Flatten?",
        evidence="C",
        working="{row_before}",
        flat=_flat_of_the_row_before,
    ),
)
