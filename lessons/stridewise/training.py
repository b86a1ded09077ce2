"""A short training with a progress bar, the same for every network that is compared."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tqdm import tqdm

if TYPE_CHECKING:
    import keras
    import numpy as np
    from numpy.typing import NDArray

    Images = tuple[NDArray[np.uint8], NDArray[np.uint8]]

BATCH_SIZE = 16  # small, since the memory of a step grows with it
_IMAGES, _IMAGES_GRADED = 1_000, 128
_BRIGHTEST = 255


@dataclass(frozen=True, slots=True)
class Training:
    """The result of a training: parameters, share of test images named correctly, seconds, network.

    Only the figures are compared and shown.
    """

    parameters: int
    accuracy: float
    seconds: float
    model: keras.Model = field(repr=False, compare=False)


def train_briefly(model: keras.Model, train: Images, test: Images, epochs: int = 2) -> Training:
    """Train a Keras classifier on a few images, with a progress bar, and test it on others.

    While nbgrader runs the notebook (it says so in `NBGRADER_EXECUTION`), far fewer images are
    used: no mark depends on them.
    """
    import keras  # here, since it imports TensorFlow, which takes seconds

    count = _IMAGES_GRADED if "NBGRADER_EXECUTION" in os.environ else _IMAGES
    images, labels = _prepared(train, count)
    # For so short a training, compiling by XLA would cost more time and memory than it saves.
    loss = "sparse_categorical_crossentropy"
    model.compile("adam", loss, metrics=["accuracy"], jit_compile=False)
    batches = epochs * -(-len(images) // BATCH_SIZE)
    started = time.perf_counter()
    # On stdout, since text on stderr looks like an error.
    with tqdm(total=batches, file=sys.stdout, unit="batch", mininterval=0.5) as bar:
        tick = keras.callbacks.LambdaCallback(on_train_batch_end=lambda *_, **__: bar.update())
        model.fit(images, labels, BATCH_SIZE, epochs, verbose=0, callbacks=[tick])
    seconds = time.perf_counter() - started
    _, accuracy = model.evaluate(*_prepared(test, count), BATCH_SIZE, verbose=0)
    return Training(model.count_params(), float(accuracy), seconds, model)


def _prepared(data: Images, count: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Take the first `count` images, with brightness in 0..1 and a channel axis."""
    images, labels = data
    return (images[:count, ..., None] / _BRIGHTEST).astype("float32"), labels[:count]
