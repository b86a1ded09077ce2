"""Finding the wrong rule that a learner's numbers follow, from the rows of a whole answer.

Every row is judged given the learner's own row before it, so one early mistake counts once. A rule
is named only where it explains all wrong rows, alone or with one other rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

from .misconceptions import RULES, Misconception, Prediction
from .misconceptions.chain import Answer, Chain, chain_of
from .misconceptions.misconception import RIGHT, shows_in
from .misconceptions.parts import Cell, Part, cells_of, filled, fits, parts_of, value_of
from .misconceptions.working import listed, own_line, right_line

if TYPE_CHECKING:
    from .network import Network

_PARTS = {rule.id: parts_of(rule) for rule in RULES}
_LAYOUTS = tuple((rule, rule.layout) for rule in RULES if rule.layout is not None)
_UNWRITTEN = tuple(rule for rule in RULES if rule.layout is None)
_SHAPING = tuple(
    rule
    for rule in _UNWRITTEN
    if rule.start or rule.on_axis or rule.on_step or rule.channels or rule.flat or rule.dense
)
_STRENGTH = "LTDC"  # see `Misconception.evidence`


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A rule, or two together, that the whole answer follows.

    Attributes:
        rules: The wrong rules; everything else in the answer is right.
        rows: The rows, from 0, where they make a difference.
        everywhere: Whether the rules were used in all rows that they apply to; a rule may be used
            for "valid" layers only, for example, and the right one for "same".
        rank: 1 for the simplest explanations; several with the same rank fit equally well.
    """

    rules: tuple[Misconception, ...]
    rows: tuple[int, ...]
    everywhere: bool = True
    rank: int = 1
    _wrong: tuple[tuple[Misconception, Cell], ...] = field(default=(), repr=False)
    _written: tuple[tuple[int, Answer, Answer], ...] = field(default=(), repr=False)

    @property
    def tentative(self) -> bool:
        """Whether only one row shows it, which may also be a typing mistake."""
        return len(self.rows) == 1

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the rules."""
        return tuple(rule.id for rule in self.rules)

    def own_working(self, row: int, rule: Misconception | None = None) -> str:
        """Return row `row` by the learner's own rule, with her numbers; "" where it is right.

        Of two rules, `rule` selects one.

        >>> from stridewise import lesson_network
        >>> best, *_ = diagnose(Prediction.read([(None, 25, 25, 32)]), lesson_network("valid"))
        >>> best.own_working(0), best.right_working(0)
        ('28 - 3 = 25', '28 - 3 + 1 = 26')
        """
        written = [
            f"{self.rules[0].working}: {listed(typed)}" for typed, _ in self._rewritten(row, rule)
        ]
        return "; ".join([*written, *(own_line(*each) for each in self._worked(row, rule))])

    def right_working(self, row: int, rule: Misconception | None = None) -> str:
        """Return row `row` by the right rule, with the same numbers; "" where it is right."""
        written = [listed(meant) for _, meant in self._rewritten(row, rule)]
        return "; ".join(
            [*written, *(right_line(cell, own) for own, cell in self._worked(row, rule))]
        )

    def _rewritten(self, row: int, rule: Misconception | None) -> Iterator[tuple[Answer, Answer]]:
        """Yield the row as typed and as meant, where these differ."""
        if rule in {None, self.rules[0]}:
            yield from ((typed, meant) for place, typed, meant in self._written if place == row)

    def _worked(self, row: int, rule: Misconception | None) -> Iterator[tuple[Misconception, Cell]]:
        return ((own, cell) for own, cell in self._wrong if cell.row == row and rule in {None, own})


def diagnose(
    prediction: Prediction, network: Network, given: tuple[Answer | None, ...] = ()
) -> list[Diagnosis]:
    """Return the wrong rules that a prediction follows, the simplest first; [] where none fits.

    Rows may be missing. The result is [] too where every answered row is right. `given` are shapes
    from which parameters follow, right or wrong; they need no explanation themselves.

    >>> from stridewise import lesson_network
    >>> answer = Prediction.read(parameters=[288, 9216, 9216, 0, 1982464, 1280])
    >>> [each.ids for each in diagnose(answer, lesson_network("valid"))]
    [('no_biases',)]
    """
    chain = chain_of(network)
    if chain is None:
        return []
    rows = len(chain.places)
    prediction = Prediction(prediction.shapes[:rows], prediction.parameters[:rows])
    for layout, answer in _readings(network, prediction):
        found = _found(chain, answer, layout, given)
        if found is not None:
            return _ranked([_rewritten(each, prediction, answer) for each in found])
    return []


def _rewritten(diagnosis: Diagnosis, typed: Prediction, meant: Prediction) -> Diagnosis:
    """Record the rows that were written in another way than Keras's."""
    pairs = zip(typed.shapes, meant.shapes, strict=False)
    written = tuple(
        (row, own, read)
        for row, (own, read) in enumerate(pairs)
        if own is not None and read is not None and own != read
    )
    rows = {*diagnosis.rows, *(row for row, *_ in written)}
    return replace(diagnosis, rows=tuple(sorted(rows)), _written=written)


def _readings(
    network: Network, prediction: Prediction
) -> Iterator[tuple[Misconception | None, Prediction]]:
    """Yield the answer as Keras would write it, then in each other way of writing."""
    yield None, prediction
    for rule, layout in _LAYOUTS:
        rows = [
            None if own is None else layout.read(own, row.output_shape)
            for own, row in zip(prediction.shapes, network.rows, strict=False)
        ]
        pairs = zip(rows, prediction.shapes, strict=False)
        read = [row for row, own in pairs if own is not None]
        if read and None not in read and _mostly_right_maps(rows, network):
            yield rule, replace(prediction, shapes=tuple(rows))


def _mostly_right_maps(rows: list[Answer | None], network: Network) -> bool:
    """Return whether most of the last numbers are right in another way of writing."""
    read = [
        (row[-1], real.output_shape[-1])
        for row, real in zip(rows, network.rows, strict=False)
        if row
    ]
    return sum(own == real for own, real in read) * 2 >= len(read)


def _found(
    chain: Chain,
    answer: Prediction,
    layout: Misconception | None,
    given: tuple[Answer | None, ...],
) -> list[Diagnosis] | None:
    """Return what explains an answer in one reading; None where nothing does."""
    own = given or answer.shapes
    missing = not given and (len(own) < len(chain.places) or None in own)
    shapes = filled(chain, own, RIGHT)
    cells = _cells(chain, shapes, answer)
    if cells is not None and not _wrong(cells):
        return [Diagnosis((layout,), ())] if layout else []
    # A rule that gives other shapes is followed through the rows that were not answered.
    guesses = {rule.id: filled(chain, answer.shapes, rule) for rule in _SHAPING if missing}
    guesses = {rule_id: guess for rule_id, guess in guesses.items() if guess != shapes}
    windows = [window for place in chain.places for window in place.windows]
    telling = [rule for rule in _UNWRITTEN if shows_in(rule, windows)]
    told = {rule.id for rule in telling}
    others = [rule for rule in telling if rule.id not in guesses]
    found = [] if cells is None else list(_explanations(cells, layout, others, None))
    if any(len(each.rules) == 1 + bool(layout) for each in found):
        others = []  # two rules would be set aside for the one that was found
    for rule in (rule for rule in _SHAPING if rule.id in told):
        cells = _cells(chain, guesses[rule.id], answer) if rule.id in guesses else None
        if cells is not None:
            found += _explanations(cells, layout, [rule, *others], rule)
    return found or None


def _cells(
    chain: Chain, shapes: tuple[Answer | None, ...], answer: Prediction
) -> list[Cell] | None:
    """Return the answered cells, or None where a shape is not written as it must be."""
    known: list[Answer] = []
    for index, shape in enumerate(shapes):
        if shape is None:
            break
        if not fits(shape, chain.step(index, known)):
            return None
        known.append(shape)
    return cells_of(chain, shapes, answer)


def _wrong(cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.answer != value_of(RIGHT, cell)]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A rule, the parts that it gets wrong, the wrong cells there, if it was used throughout."""

    rule: Misconception
    explains: frozenset[Part]
    cells: int
    everywhere: bool


def _explanations(
    cells: list[Cell],
    layout: Misconception | None,
    rules: Iterable[Misconception],
    filler: Misconception | None,
) -> Iterator[Diagnosis]:
    """Yield each rule that explains all wrong cells, or else each pair; with `filler`, if given."""
    wrong = _wrong(cells)
    parts = frozenset(cell.part for cell in wrong)
    by_part: dict[Part, list[Cell]] = {}
    for cell in cells:
        by_part.setdefault(cell.part, []).append(cell)
    slips = Counter(cell.part for cell in wrong)
    candidates = [_candidate(rule, slips, by_part) for rule in rules]
    # A rule that was not used throughout has to show twice: once may be a typing mistake.
    useful = [
        each
        for each in candidates
        if each.rule is filler or (each.explains and (each.everywhere or each.cells > 1))
    ]
    alone = [(each,) for each in useful if each.explains == parts]
    pairs = [] if layout else list(combinations(useful, 2))
    for group in alone or pairs:
        explained = frozenset[Part]().union(*(each.explains for each in group))
        if explained == parts and (filler is None or any(each.rule is filler for each in group)):
            yield _diagnosis(group, wrong, layout)


def _candidate(
    rule: Misconception, slips: Mapping[Part, int], by_part: dict[Part, list[Cell]]
) -> _Candidate:
    def gives(part: Part) -> bool:
        return all(cell.answer == value_of(rule, cell) for cell in by_part[part])

    spoken = _PARTS[rule.id]
    explains = frozenset(part for part in spoken & slips.keys() if gives(part))
    cells = sum(slips[part] for part in explains)
    everywhere = bool(explains) and all(
        part in explains or gives(part) for part in spoken & by_part.keys()
    )
    return _Candidate(rule, explains, cells, everywhere)


def _diagnosis(
    group: Iterable[_Candidate], wrong: list[Cell], layout: Misconception | None
) -> Diagnosis:
    group = tuple(group)
    rules = tuple(each.rule for each in group)
    worked = tuple(
        (next(each.rule for each in group if cell.part in each.explains), cell) for cell in wrong
    )
    return Diagnosis(
        (layout, *rules) if layout else rules,
        tuple(sorted({cell.row for cell in wrong})),
        everywhere=all(each.everywhere for each in group),
        _wrong=worked,
    )


def _ranked(found: list[Diagnosis]) -> list[Diagnosis]:
    """Return the explanations with the fewest rules, those used everywhere first."""
    fewest = min((len(each.rules) for each in found), default=0)
    simplest = {frozenset(each.ids): each for each in found if len(each.rules) == fewest}
    ordered = sorted(simplest.values(), key=_order)
    first_everywhere = bool(ordered) and ordered[0].everywhere
    return [replace(each, rank=1 + (first_everywhere and not each.everywhere)) for each in ordered]


def _order(diagnosis: Diagnosis) -> tuple[bool, int]:
    """Sort rules used everywhere first, then by the strength of evidence."""
    attested = sum(_STRENGTH.index(rule.evidence[0]) for rule in diagnosis.rules)
    return (not diagnosis.everywhere, attested)
