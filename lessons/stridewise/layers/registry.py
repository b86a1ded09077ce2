"""All the layer classes that are known."""

from __future__ import annotations

from . import convolution, core, reshaping
from .rule import Rule

RULES: dict[str, Rule] = {
    **core.RULES,
    **convolution.RULES,
    **reshaping.RULES,
}
ALIASES: dict[str, str] = {}
