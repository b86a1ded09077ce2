"""Finding the notebook of the assignment from a file's name, also where that was changed.

Browsers and platforms add `.json`, `.txt`, `.zip`, `-1`, ` (1)`; people add `copy` or `Copy of`;
macOS writes a letter and its accent as two characters.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from autograder.gradebook.people import alike_key as key

ENDINGS = ("ipynb", "json", "txt", "zip", "html")
"""What a browser or a platform may add to a notebook's name."""
_ENDING = re.compile(rf"\.({'|'.join(ENDINGS)})$", re.IGNORECASE)
_COUNTED = re.compile(r"(?:\s*\(\d+\)|[-_ ]\d{1,3})$")  # lesson (1), by Canvas lesson-1
# `copy` in the languages of the file managers of Windows and macOS, with and without a number.
_COPY_WORDS = "copy|copie|kopie|kopi|kopia|kópia|copia|cópia|kopio"
_COPIED = re.compile(
    rf"(?:\s*-\s*|[\s_]*\(?|-)(?:{_COPY_WORDS})\)?(?:\s*\(?\d+\)?)?$", re.IGNORECASE
)
_COPY_OF = re.compile(rf"^(?:{_COPY_WORDS})\s+(?:of|von|de|di|av|af|van)\s+", re.IGNORECASE)
_GAPS = re.compile(r"(?:%20|[\s_+\-])+")


def looks_like_a_notebook(file: str) -> bool:
    """Return whether a file's name is that of a notebook, without what a browser added.

    >>> looks_like_a_notebook("1_padding.ipynb-1.json"), looks_like_a_notebook("notes.txt")
    (True, False)
    """
    return ".ipynb" in file.casefold()


def may_be_a_notebook(file: str) -> bool:
    """Return whether a file may be a notebook, by its extension, or since that is unknown."""
    return bool(_ENDING.search(undecorated(file, 1))) or "." not in file


def undecorated(stem: str, most: int = 12) -> str:
    """Return a name without the copy marks and numbers at its end."""
    for _ in range(most):
        shorter = _COPY_OF.sub("", _COUNTED.sub("", _COPIED.sub("", stem)))
        if shorter == stem or not shorter:
            return stem
        stem = shorter
    return stem


def notebook_named(file: str, notebooks: Collection[str]) -> str:
    """Return the notebook of the assignment that a file's name means, or "".

    >>> notebook_named("1_padding (2).ipynb", {"1_padding"})
    '1_padding'
    >>> notebook_named("Copy of 1_padding.ipynb-1.json", {"1_padding"})
    '1_padding'
    """
    known = {key(name): name for name in notebooks}
    loose = {_GAPS.sub("_", name): real for name, real in known.items()}
    if len(loose) < len(known):  # two names differ only in spaces and the like
        loose = {}
    stem = key(file)
    for _ in range(12):
        if stem in known:
            return known[stem]
        if (gap := _GAPS.sub("_", stem).strip("_")) in loose:
            return loose[gap]
        shorter = _one_less(stem)
        if shorter == stem:
            return ""
        stem = shorter
    return ""


def _one_less(stem: str) -> str:
    """Remove one addition: an extension, a number, a copy mark."""
    for form in (_ENDING, _COPIED, _COUNTED, _COPY_OF):
        shorter = form.sub("", stem).strip()
        if shorter and shorter != stem:
            return shorter
    return stem
