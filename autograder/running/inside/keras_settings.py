"""The dtype policy of Keras and its names of classes.

It keeps the policy for each thread, and makes it at the first layer.
"""

from __future__ import annotations

import sys
from _thread import _local as OF_THREAD  # noqa: N812 - a constant of sealed code
from typing import Any

_STATE = "keras.src.backend.common.global_state"
_POLICIES = "keras.src.dtype_policies.dtype_policy"
_CONFIG = "keras.src.backend.config"
_NAMES = "keras.src.saving.object_registration"


def values_of_keras() -> dict[str, Any]:
    """Return what the functions below go by."""
    found = sys.modules.get
    return {
        "STATE": vars(found(_STATE, object)),
        "POLICY": getattr(found(_POLICIES), "DTypePolicy", None),
        "CUSTOM_NAMES": getattr(found(_NAMES), "GLOBAL_CUSTOM_NAMES", {}),
        "FLOATX": str(getattr(found(_CONFIG), "_FLOATX", "")),
    }


# The functions below are sealed (see seal.py); these names get their values then.
STATE: Any = {}
POLICY: Any = None
FLOATX = ""
CUSTOM_NAMES: dict[Any, Any] = {}
KNOWN: set[int] = set()
KEPT: list[Any] = []


def settings_of_keras() -> list[tuple[str, list[Any], Any, Any]]:
    """Return the dtype policy, and by what names a notebook has registered classes of libraries."""
    tracker = STATE.get("GLOBAL_STATE_TRACKER")
    policy = tracker.__dict__.get("dtype_policy") if type(tracker) is OF_THREAD else None
    name: Any = FLOATX
    if policy is not None:
        name = vars(policy).get("_name") if type(policy) is POLICY else policy
    names = [pair for pair in list(CUSTOM_NAMES.items()) if id(pair[0]) in KNOWN]
    flat = [each for pair in names for each in pair]
    return [
        ("keras.config.set_dtype_policy", [name], set_policy, policy),
        ("keras.saving.register_keras_serializable", flat, set_names, names),
    ]


def set_policy(policy: Any) -> None:
    """Set the dtype policy; Keras makes it anew where it is None."""
    tracker = STATE.get("GLOBAL_STATE_TRACKER")
    if type(tracker) is OF_THREAD:
        KEPT.append(tracker.__dict__.pop("dtype_policy", None))
        tracker.__dict__.update({} if policy is None else {"dtype_policy": policy})


def set_names(names: list[tuple[Any, Any]]) -> None:
    """Set the names of the classes of libraries; a notebook's own keep theirs."""
    for made in [each for each in CUSTOM_NAMES if id(each) in KNOWN]:
        CUSTOM_NAMES.pop(made)
    CUSTOM_NAMES.update(names)
