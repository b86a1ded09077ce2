import shutil

import pytest
from course_builder import ASSIGNMENT, RIGHT, build_course, hand_in

from autograder.authoring.generate import generate
from autograder.course.course import CourseError, check_assignment, open_course


def test_a_course_is_read_as_nbgrader_reads_it(generated_course):
    course = open_course(generated_course)
    assert course.course_id == "tiny_course"
    assert course.source(ASSIGNMENT) == generated_course / "solutions" / ASSIGNMENT
    assert course.released(ASSIGNMENT) == generated_course / "lessons" / ASSIGNMENT
    assert course.db_url == f"sqlite:///{generated_course}/gradebook.db"


def test_the_working_directory_is_the_course_by_default(generated_course, monkeypatch):
    monkeypatch.chdir(generated_course)
    assert open_course().root == generated_course


def test_a_course_elsewhere_may_be_named_in_the_configuration(tmp_path, monkeypatch):
    root = build_course(tmp_path / "real")
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.root = 'real'\n"
    )
    monkeypatch.chdir(tmp_path)
    assert open_course().root == root


def test_a_relative_gradebook_counts_from_the_course(tmp_path):
    root = build_course(tmp_path / "c", "c.CourseDirectory.db_url = 'sqlite:///marks/book.db'\n")
    assert open_course(root).db_url == f"sqlite:///{root}/marks/book.db"


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CourseError, match="There is no folder") as caught:
        open_course(tmp_path / "nowhere")
    assert "--course" in caught.value.hint


def test_a_broken_configuration_is_named_with_its_error(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c.Nothing = \n")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py cannot be read: .*invalid syntax"):
        open_course(tmp_path)


def test_an_unknown_assignment_lists_the_known_ones(generated_course):
    with pytest.raises(CourseError, match="no assignment 'tinny'") as caught:
        check_assignment(open_course(generated_course), "tinny")
    assert ASSIGNMENT in caught.value.hint


@pytest.mark.parametrize("name", ["..", "../solutions/tiny", "", "a+b", "/etc", ".hidden", "*"])
def test_a_name_that_could_leave_the_course_is_no_assignment(generated_course, name):
    with pytest.raises(CourseError, match="cannot be the name"):
        check_assignment(open_course(generated_course), name)


def test_generate_leaves_out_solutions_and_hidden_tests(generated_course):
    text = "".join(p.read_text() for p in (generated_course / "lessons").rglob("*.ipynb"))
    assert "sizes = ..." in text
    for secret in ("HIDDEN", "SOLUTION", "24, 22", "6 * 7", "half(9)"):
        assert secret not in text


def test_generate_finds_nbgraders_tools_without_an_activated_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    written = generate(open_course(build_course(tmp_path / "course")), ASSIGNMENT)
    assert [path.name for path in written] == ["1_sizes.ipynb", "2_total.ipynb"]


def test_the_lessons_stay_as_they_were_when_generating_fails(course_root):
    before = {p.name: p.read_bytes() for p in (course_root / "lessons" / ASSIGNMENT).iterdir()}
    source = course_root / "solutions" / ASSIGNMENT / "2_total.ipynb"
    source.write_text(source.read_text().replace("### END SOLUTION", "### THE END"))
    with pytest.raises(CourseError, match="could not generate"):
        generate(open_course(course_root), ASSIGNMENT)
    after = {p.name: p.read_bytes() for p in (course_root / "lessons" / ASSIGNMENT).iterdir()}
    assert after == before


def test_students_are_found_in_the_order_of_their_ids(course_root):
    for student in ("zoe", "adam", "mia"):
        hand_in(course_root, student, RIGHT)
    handed = open_course(course_root).handed_in(ASSIGNMENT)
    assert [h.student for h in handed] == ["adam", "mia", "zoe"]
    assert not any(h.refused for h in handed)


def test_a_students_folder_that_is_a_link_is_refused(course_root):
    hand_in(course_root, "adam", RIGHT)
    (course_root / "submitted" / "eve").symlink_to("adam")
    (course_root / "submitted" / "mal").mkdir()
    (course_root / "submitted" / "mal" / ASSIGNMENT).symlink_to(
        course_root / "solutions" / ASSIGNMENT
    )
    refused = {h.student: h.refused for h in open_course(course_root).handed_in(ASSIGNMENT)}
    assert refused["adam"] == ""
    assert "is a link, not a folder" in refused["eve"]
    assert "is a link, not a folder" in refused["mal"]


def test_an_id_that_no_gradebook_can_hold_is_refused(course_root):
    shutil.copytree(hand_in(course_root, "adam", RIGHT).parent, course_root / "submitted" / "a\nb")
    shutil.copytree(course_root / "submitted" / "adam", course_root / "submitted" / ("x" * 200))
    refused = [
        h.refused for h in open_course(course_root).handed_in(ASSIGNMENT) if h.student != "adam"
    ]
    assert len(refused) == 2
    assert all("unprintable" in reason for reason in refused)


def test_excluded_students_and_hidden_folders_are_left_out(course_root):
    for student in ("adam", "mia", ".ipynb_checkpoints"):
        hand_in(course_root, student, RIGHT)
    with (course_root / "nbgrader_config.py").open("a") as config:
        config.write("c.CourseDirectory.student_id_exclude = 'mia'\n")
    assert [h.student for h in open_course(course_root).handed_in(ASSIGNMENT)] == ["adam"]


def test_another_order_of_folders_is_nbgraders_to_say(tmp_path):
    order = "{nbgrader_step}/{assignment_id}/of-{student_id}"
    setting = f"c.CourseDirectory.directory_structure = {order!r}\n"
    root = build_course(tmp_path / "course", setting)
    (root / "submitted" / ASSIGNMENT / "of-adam").mkdir(parents=True)
    course = open_course(root)
    (handed,) = course.handed_in(ASSIGNMENT)
    assert handed.student == "adam"
    assert handed.path == course.submitted("adam", ASSIGNMENT)


def test_a_cell_has_the_time_that_nbgrader_gives_it(course_root):
    def seconds(line: str) -> float:
        path = course_root / "nbgrader_config.py"
        before = path.read_text()
        path.write_text(before.replace("c.Execute.timeout = 30", "") + line)
        found = open_course(course_root).cell_seconds
        path.write_text(before)
        return found

    assert seconds("") == 30
    assert seconds("\nc.Execute.timeout = 90\n") == 90
    assert seconds("\nc.ExecutePreprocessor.timeout = 45\n") == 45
    assert seconds("\nc.Execute.timeout = None\n") == 3_600
