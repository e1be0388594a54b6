from __future__ import annotations

import pytest

from partner_assess.adapters.criteria_files import FileProblem
from partner_assess.adapters.criteria_files.toml_lines import line_of, lines_of

TRICKY = '''a = """
not = 1 # [
"""
b.c = [ # ]
  1,
  { "d e" = 'x]', f = [2, "}"] },
]
[[t]]
x = 1
[[t]]
[[t.u]]
y = { z = 1.5 }
[v."w.x"]
k = 2020-01-01
'''


@pytest.mark.parametrize(
    ("key", "number"),
    [
        (("a",), 1),
        (("b", "c"), 4),
        (("b", "c", 0), 5),
        (("b", "c", 1, "d e"), 6),
        (("b", "c", 1, "f", 1), 6),
        (("t", 0), 8),
        (("t", 0, "x"), 9),
        (("t", 1), 10),
        (("t", 1, "x"), 10),
        (("t", 1, "u", 0, "y", "z"), 12),
        (("v", "w.x", "k"), 14),
        (("nowhere",), 1),
    ],
)
def test_the_line_of_a_key_is_found(key: tuple[str | int, ...], number: int) -> None:
    assert line_of(lines_of(TRICKY), key) == number


def test_problems_are_written_for_people() -> None:
    assert str(FileProblem("a.toml", 3, "x[1].y", "is missing")) == "a.toml:3: x[1].y: is missing"
    assert str(FileProblem("a.toml", 1, "", "is not TOML")) == "a.toml:1: is not TOML"
