"""A problem as text: the line it means, with a mark exactly under it, whatever the line holds."""

from __future__ import annotations

import json

from runtime.problems import Problem, Severity, as_text


def problem(excerpt: str, part: str, **more: object) -> Problem:
    values = {"file": "a.yaml", "line": 7, "rule": "x", "sentence": "s", "fix": "f", **more}
    column = excerpt.index(part) + 1
    return Problem(column=column, length=len(part), excerpt=excerpt, **values)  # type: ignore[arg-type]


def test_the_mark_stands_under_what_is_meant() -> None:
    assert str(problem("  wen: x", "wen", line=12)) == (
        "a.yaml:12:3: s [x]\n   |\n12 |   wen: x\n   |   ^~~\n   = f"
    )


def test_tabs_and_wide_letters_keep_the_mark_in_place() -> None:
    lines = str(problem("\tnome: 日本 {{ x }}", "{{ x }}")).splitlines()
    assert lines[3] == "  | \t" + " " * len("nome: ") + "    " + " ^~~~~~~"
    lines = str(problem("名: e\u0301x", "x")).splitlines()
    assert lines[3] == "  | " + " " * 5 + "^"
    assert str(problem("a: 日本", "日本")).splitlines()[3] == "  |    ^~~~"


def test_a_very_long_line_is_cut_around_the_mark() -> None:
    lines = str(problem(f"{'a' * 500}WRONG{'b' * 500}", "WRONG")).splitlines()
    shown, mark = lines[2].removeprefix("7 | "), lines[3].removeprefix("  | ")
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 130
    assert shown[mark.index("^") : len(mark)] == "WRONG"
    near_the_end = str(problem(f"{'a' * 500}WRONG", "WRONG")).splitlines()
    assert near_the_end[2].endswith("WRONG")
    assert near_the_end[3].endswith("^~~~~")
    at_the_start = str(problem(f"WRONG{'a' * 500}", "WRONG")).splitlines()
    assert at_the_start[2].startswith("7 | WRONG")
    assert str(problem("b" * 500, "b" * 500)).splitlines()[3] == "  | ^" + "~" * 119


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    whole = Problem(file="a.yaml", rule="x", sentence="s", severity=Severity.WARNING)
    assert str(whole) == "a.yaml:0:0: warning: s [x]"


def test_problems_are_sorted_by_file_and_place() -> None:
    found = [problem("a b", "b"), problem("a b", "a"), problem("a", "a", file="A.yaml")]
    assert [line for line in as_text(found).splitlines() if line.endswith("[x]")] == [
        "A.yaml:7:1: s [x]",
        "a.yaml:7:1: s [x]",
        "a.yaml:7:3: s [x]",
    ]


def test_the_form_for_editors() -> None:
    assert json.loads(json.dumps(problem("  wen: x", "wen").as_dict())) == {
        "file": "a.yaml",
        "line": 7,
        "column": 3,
        "end_line": 7,
        "end_column": 6,
        "rule": "x",
        "severity": "error",
        "sentence": "s",
        "fix": "f",
    }
