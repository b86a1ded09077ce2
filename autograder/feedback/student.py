"""The content of one student's pages, as plain values; other modules turn them into HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.course.settings import Settings
from autograder.feedback.asked import Asked
from autograder.feedback.lesson import Lesson, plain_heading
from autograder.feedback.places import LessonPlace
from autograder.feedback.rows import Table, table
from autograder.gradebook.class_marks import GivenMark, GradedCell, Key, StudentMarks
from autograder.gradebook.comments import Comment
from autograder.gradebook.details import NotebookDetails

State = Literal["full", "lost", "waiting"]


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """The data that is the same for a whole class."""

    assignment: str
    questions: tuple[GradedCell, ...]
    asked: Mapping[Key, Asked]
    lessons: Mapping[str, Lesson]
    settings: Settings


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """The data of one student."""

    student_marks: StudentMarks
    notebooks: Mapping[str, NotebookDetails]
    comments: Mapping[Key, Comment]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one student; `points` is None while it is not marked."""

    key: Key
    number: int
    title: str
    answer: str
    points: float | None
    possible: float
    by_hand: bool
    changed: bool  # a person replaced the machine's points
    may_change: bool
    comment: Comment | None
    reasons: tuple[str, ...]
    table: Table | None
    place: LessonPlace

    @property
    def lost(self) -> float:
        """The points that were lost."""
        return 0.0 if self.points is None else max(self.possible - self.points, 0.0)

    @property
    def state(self) -> State:
        """Its state."""
        return "waiting" if self.points is None else "lost" if self.lost > 0 else "full"

    @property
    def has_more(self) -> bool:
        """Whether there is an explanation besides the points."""
        return bool(self.state != "full" or self.reasons or self.comment or self.may_change)

    @property
    def anchor(self) -> str:
        """Its anchor on the page."""
        return f"q{self.number}"


@dataclass(frozen=True, slots=True)
class NotebookPage:
    """One notebook of one student."""

    name: str
    title: str
    handed_in: bool
    points: float
    possible: float
    penalty: float
    questions: tuple[Question, ...]
    unmarked: Mapping[str, str]

    @property
    def waiting(self) -> int:
        """How many questions are not marked yet."""
        return sum(question.points is None for question in self.questions)


@dataclass(frozen=True, slots=True)
class StudentPages:
    """The content of one student's pages about an assignment."""

    assignment: str
    student: str
    name: str
    handed_in_at: str
    hours_late: float
    points: float
    possible: float
    penalty: float
    excused: bool
    notebooks: tuple[NotebookPage, ...]

    @property
    def waiting(self) -> int:
        """How many questions are not marked yet."""
        return sum(notebook.waiting for notebook in self.notebooks)


def student_pages(facts: ClassFacts, student: StudentFacts) -> StudentPages:
    """Make the content of a student's pages; every total comes from `StudentMarks.total`."""
    student_marks = student.student_marks
    names = dict.fromkeys(question.notebook for question in facts.questions)
    when = student_marks.timestamp.strftime("%Y-%m-%d %H:%M UTC") if student_marks.timestamp else ""
    return StudentPages(
        assignment=facts.assignment,
        student=student_marks.person.id,
        name=student_marks.person.name,
        handed_in_at=when,
        hours_late=student_marks.seconds_late / 3600,
        points=student_marks.total(facts.questions),
        possible=sum(question.points for question in facts.questions),
        penalty=student_marks.penalty,
        excused=student_marks.excused,
        notebooks=tuple(_notebook(name, facts, student) for name in names),
    )


def _notebook(name: str, facts: ClassFacts, student: StudentFacts) -> NotebookPage:
    asked = [question for question in facts.questions if question.notebook == name]
    details = student.notebooks.get(name)
    return NotebookPage(
        name=name,
        title=facts.lessons[name].title if name in facts.lessons else name,
        handed_in=details is not None or not student.notebooks,
        points=student.student_marks.total(asked),
        possible=sum(question.points for question in asked),
        penalty=student.student_marks.penalties.get(name, 0.0),
        questions=tuple(_questions(asked, facts, student, details or NotebookDetails())),
        unmarked=(details or NotebookDetails()).unmarked,
    )


def _questions(
    asked: Sequence[GradedCell], facts: ClassFacts, student: StudentFacts, details: NotebookDetails
) -> Iterator[Question]:
    titles = _titles(asked, facts)
    for number, cell in enumerate(asked, 1):
        key, lesson = cell.key, facts.lessons.get(cell.notebook)
        mark = student.student_marks.marks.get(key) or GivenMark(None, look=False)
        reasons = details.reasons.get(cell.grade_id, ())
        answer = lesson.answers.get(cell.grade_id, "") if lesson else ""
        yield Question(
            key=key,
            number=number,
            title=titles[number - 1],
            answer=facts.asked[key].answer if key in facts.asked else _shown(answer),
            points=mark.points,
            possible=cell.points,
            by_hand=cell.by_hand,
            changed=mark.manual and not cell.by_hand,
            may_change=mark.look and mark.points is not None,
            comment=_comment(key, answer, cell, student.comments),
            reasons=reasons,
            table=_table(key, facts, student, details, reasons),
            place=lesson.places[key] if lesson and key in lesson.places else LessonPlace(key[0]),
        )


def _shown(answer: str) -> str:
    """Return an answer's label; "" for one that nbgrader made up, such as cell-9f3…."""
    return answer if answer.isidentifier() else ""


def _comment(
    key: Key, answer: str, cell: GradedCell, comments: Mapping[Key, Comment]
) -> Comment | None:
    """Return the comment on an answer; the machine's only where no test gives a reason."""
    found = comments.get(key) or comments.get((key[0], answer))
    return found if found and (found.by_person or cell.by_hand) else None


def _table(
    key: Key,
    facts: ClassFacts,
    student: StudentFacts,
    details: NotebookDetails,
    reasons: tuple[str, ...],
) -> Table | None:
    if key not in facts.asked or not reasons:
        return None
    who = student.student_marks.person.id
    return table(facts.asked[key], who, details.answers, reasons, facts.settings)


def _titles(asked: Sequence[GradedCell], facts: ClassFacts) -> list[str]:
    """Return a title for each question: the heading above it, made unique."""
    headings = []
    for number, cell in enumerate(asked, 1):
        lesson = facts.lessons.get(cell.notebook)
        place = lesson.places.get(cell.key) if lesson else None
        headings.append(plain_heading(place.heading) if place and place.heading else "")
        headings[-1] = headings[-1] or f"Question {number}"
    seen: Counter[str] = Counter()
    titles = []
    for heading in headings:
        seen[heading] += 1
        part = f" ({seen[heading]} of {headings.count(heading)})"
        titles.append(heading + (part if headings.count(heading) > 1 else ""))
    return titles
