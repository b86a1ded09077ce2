"""Keras's functions on tensors (`keras.ops`), where a functional model calls them between layers.

Only those that work value by value: their inputs are brought together as NumPy does.
"""

from __future__ import annotations

from .merging import broadcast
from .rule import Rule

_NUMPY = (
    "Abs Absolute Add Cos Divide Equal Exp Expm1 Floor Greater GreaterEqual Less LessEqual Log "
    "Log1p LogicalAnd LogicalNot LogicalOr Maximum Minimum Mod Multiply Negative NotEqual Power "
    "Reciprocal Round Sign Sin Sqrt Square Subtract Tanh TrueDivide Where"
)
_NN = (
    "Celu Elu Gelu HardSigmoid HardSilu HardTanh LeakyRelu LogSigmoid LogSoftmax Relu Relu6 Selu "
    "Sigmoid Silu Softmax Softplus Softsign TanhShrink"
)


def _operations(module: str, names: str) -> dict[str, Rule]:
    home = f"keras.src.ops.{module}"
    rule = Rule({}, broadcast, merges=True, home=home)
    return {f"{home}.{name}": rule for name in names.split()}


RULES = _operations("numpy", _NUMPY) | _operations("nn", _NN)
