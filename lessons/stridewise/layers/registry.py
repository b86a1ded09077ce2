"""All the layer classes that are known."""

from __future__ import annotations

from . import convolution, core, keras_ops, merging, normalization, pooling, reshaping, same_shape
from .reading import KEYWORDS
from .rule import Argument, Rule

RULES: dict[str, Rule] = {
    **core.RULES,
    **convolution.RULES,
    **pooling.RULES,
    **reshaping.RULES,
    **normalization.RULES,
    **same_shape.RULES,
    **merging.RULES,
    **keras_ops.RULES,
}

# Keras's other names for the same classes.
ALIASES = {
    "Input": "InputLayer",
    **{f"Convolution{rank}D": f"Conv{rank}D" for rank in (1, 2, 3)},
    **{f"Convolution{rank}DTranspose": f"Conv{rank}DTranspose" for rank in (1, 2, 3)},
    **{f"SeparableConvolution{rank}D": f"SeparableConv{rank}D" for rank in (1, 2)},
    **{f"MaxPool{rank}D": f"MaxPooling{rank}D" for rank in (1, 2, 3)},
    **{f"AvgPool{rank}D": f"AveragePooling{rank}D" for rank in (1, 2, 3)},
    **{f"GlobalMaxPool{rank}D": f"GlobalMaxPooling{rank}D" for rank in (1, 2, 3)},
    **{f"GlobalAvgPool{rank}D": f"GlobalAveragePooling{rank}D" for rank in (1, 2, 3)},
}


def accepted(rule: Rule) -> dict[str, Argument]:
    """Return every argument of a class: its own, then those that all layers take."""
    return {**(KEYWORDS if rule.keywords is None else rule.keywords), **rule.arguments}
