"""The pages of the site; each says in one sentence what it is for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its name in links, the text of its link, its title and its sentence."""

    id: str
    link: str
    title: str
    about: str


PAGES = (
    Page(
        "explorer",
        "Explore",
        "One convolution",
        "Change the input, the kernel, the strides and the padding, and see what Keras does.",
    ),
    Page(
        "network",
        "Build a network",
        "A whole network",
        "Change padding and strides layer by layer, and see where the parameters come from.",
    ),
    Page(
        "practice",
        "Practise",
        "Practice",
        "Answer first; then see the right number, and which idea a wrong number follows.",
    ),
    Page(
        "predict",
        "Predict",
        "Predict a whole network",
        "Write down every output shape and parameter count of a network of the lessons, then "
        "compare.",
    ),
    Page(
        "own",
        "Your network",
        "Your own network",
        "Type or paste lines of Keras: they are read, not run, and you can predict their rows.",
    ),
    Page(
        "lecture",
        "Lecture",
        "One question for a lecture",
        "Show one question in large type, let everybody answer, then show the answer and the "
        "usual mistakes.",
    ),
    Page(
        "progress",
        "Progress",
        "Your progress",
        "See what you have done. It is stored in this browser only, and you can save it to a file.",
    ),
)
