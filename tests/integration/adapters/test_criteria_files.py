from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from partner_assess.adapters import criteria_files
from partner_assess.adapters.criteria_files import BadCriteria, published
from partner_assess.domain.risk import Risk
from partner_assess.domain.scoring import score

SHIPPED = Path(__file__).parents[3] / "criteria"
SIX = "unicef-six-2020/1.0/framework.toml"
WORDS = "unicef-six-2020/1.0/text.en.toml"
POLICY = "policies/default.toml"
CROSSWALK = "crosswalk/six-to-eight.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shipped criteria."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "criteria"))


def change(folder: Path, name: str, before: str, after: str) -> None:
    """Change a file once, and publish what came of it, so that only the change is wrong."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    digests, _ = published.read(folder)
    published.write(folder, {listed: published.digest_of(folder / listed) for listed in digests})


def line(folder: Path, name: str, text: str) -> int:
    """Return the number of the first line that holds a text."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, one in enumerate(lines, start=1) if text in one)


def places(folder: Path) -> list[tuple[str, int, str]]:
    return [(p.file, p.line, p.key) for p in criteria_files.problems_of(folder)]


def test_the_shipped_criteria_are_sound(folder: Path) -> None:
    assert criteria_files.problems_of(folder) == ()


@pytest.mark.parametrize(
    ("name", "before", "after", "key"),
    [
        (SIX, 'id = "S4.2"', 'id = "S4.1"', "standard[4].indicator[2].id"),
        (SIX, 'need = "required"', 'need = "urgent"', "standard[1].indicator[1].need"),
        (SIX, 'rule = "sum"', 'rule = "mean"', "scoring.rule"),
        (SIX, "from = 9", "from = 6", "scoring.tier[2].from"),
        (SIX, "from = 6", "from = 5", "scoring.tier[1].from"),
        (SIX, "from = 15", 'from = "15"', "scoring.tier[3].from"),
        (SIX, "points = 1,", "points = 1.0,", "standard[1].options[1].points"),
        (SIX, "points = 2,", "points = true,", "standard[1].options[2].points"),
        (SIX, "weight = 1", "wieght = 1", "standard[1].wieght"),
        (SIX, "2020-02-01", "2020-02-01T00:00:00", "valid_from"),
        (SIX, '"psea_policy", "code_of_conduct"', '"rumour", 7', "standard[1].evidence[2]"),
        (SIX, 'id = "unicef-six-2020"', 'id = "six"', "id"),
        (SIX, 'version = "1.0"', 'version = "one"', "version"),
        (SIX, "schema = 1", "schema = 2", "schema"),
        (SIX, "answer_only = true", 'answer_only = "true"', "standard[6].indicator[4].answer_only"),
        (WORDS, 'language = "en"', 'language = "fr"', "language"),
        (WORDS, 'absent = "Absent"', 'absent = " "', "options.absent"),
        (WORDS, 'poster = "Poster"', 'sticker = "Sticker"', "evidence.sticker"),
        (WORDS, 'short_title = "Policy"', 'shirt_title = "P"', "standard.policy.shirt_title"),
        (POLICY, "value = 60,", "value = 6000,", "validity_months"),
        (POLICY, "[90, 60,", "[90.5, 60,", "reminders"),
        (POLICY, 'source = "E4", verified = true', 'source = "E4"', "copy_forward_days.verified"),
        (POLICY, 'source = "P14"', 'sauce = "P14"', "emergency_months.sauce"),
        (POLICY, "high_months = { value = 12", "high_months = { value = 0", "plan[1].high_months"),
        (POLICY, 'name = "default"', 'name = "other"', "name"),
        (CROSSWALK, 'to = "un-harmonized-eight-2020"', 'to = "nowhere"', "to"),
        (CROSSWALK, 'from = ["policy"]', "from = [1]", "group[1].from[1]"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_by_file_line_and_key(
    folder: Path, name: str, before: str, after: str, key: str
) -> None:
    at = line(folder, name, before)
    change(folder, name, before, after)
    assert (name, at, key) in places(folder)


def test_a_crosswalk_that_does_not_fit_names_its_group(folder: Path) -> None:
    change(folder, CROSSWALK, 'policy = ["adequate"]', 'policy = ["good"]')
    assert set(places(folder)) == {(CROSSWALK, line(folder, CROSSWALK, "[[group]]"), "group[1]")}


def test_every_problem_is_named_at_once(folder: Path) -> None:
    change(folder, SIX, "from = 9", 'from = "nine"')
    change(folder, SIX, "weight = 1", "weight = 0")
    change(folder, WORDS, 'title = "Reporting"', 'titel = "Reporting"')
    with pytest.raises(BadCriteria) as refused:
        criteria_files.load_frameworks(folder)
    keys = {(problem.file, problem.key) for problem in refused.value.problems}
    assert keys >= {
        (SIX, "scoring.tier[2].from"),
        (SIX, "standard[1].weight"),
        (WORDS, "standard.reporting.title"),
        (WORDS, "standard.reporting.titel"),
    }
    assert f"{SIX}:{line(folder, SIX, 'nine')}: scoring.tier[2].from" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "number", "reason"),
    [
        (b"schema = 1\nid = \n", 2, "is not TOML"),
        (b'schema = 1\nid = "a"\nid = "b"\n', 3, "is not TOML"),
        (b"schema = 1\nid = \xff\n", 1, "is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    folder: Path, content: bytes, number: int, reason: str
) -> None:
    (folder / SIX).write_bytes(content)
    found = [p for p in criteria_files.problems_of(folder) if p.file == SIX]
    assert [(p.line, p.reason[: len(reason)]) for p in found] == [(number, reason)]


def spoil_line_endings(folder: Path) -> None:
    path = folder / SIX
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def forget(folder: Path) -> None:
    rows = (folder / "PUBLISHED").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "PUBLISHED").write_text("".join(r for r in rows if SIX not in r), encoding="utf-8")


def lose(folder: Path) -> None:
    (folder / "unicef-six-2020/1.0/text.en.toml").unlink()


def call_it_a_draft(folder: Path) -> None:
    change(folder, SIX, 'status = "published"', 'status = "draft"')


def add_words(folder: Path) -> None:
    shutil.copy(folder / WORDS, folder / "unicef-six-2020/1.0/text.fr.toml")


def add_a_stray(folder: Path) -> None:
    (folder / "unicef-six-2020/1.0/notes.txt").write_text("x", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "file"),
    [
        (spoil_line_endings, SIX),
        (forget, SIX),
        (lose, "PUBLISHED"),
        (call_it_a_draft, SIX),
        (add_words, "unicef-six-2020/1.0/text.fr.toml"),
        (add_a_stray, "unicef-six-2020/1.0/notes.txt"),
    ],
)
def test_a_published_file_never_changes(
    folder: Path, spoil: Callable[[Path], None], file: str
) -> None:
    spoil(folder)
    with pytest.raises(BadCriteria) as refused:
        criteria_files.load_frameworks(folder)
    assert file in {problem.file for problem in refused.value.problems}


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    for load in (criteria_files.load_frameworks, criteria_files.load_policies):
        with pytest.raises(BadCriteria):
            load(tmp_path)


THIRD = """
schema = 1
id = "third"
version = "0.1"
status = "draft"
valid_from = 2026-01-01
determination = "final"

[scoring]
rule = "sum"
tier = [
    { from = 0, capacity = "low", risk = "high" },
    { from = 5, capacity = "full", risk = "low" },
]

[[standard]]
id = "governance"
weight = 2
options = [{ id = "none", points = 0 }, { id = "some", points = 1 }, { id = "all", points = 3 }]

[[standard]]
id = "learning"
options = [{ id = "none", points = 0 }, { id = "all", points = 1 }]
"""
THIRD_WORDS = """
schema = 1
language = "en"
title = "A third instrument"
short_title = "Third"
notice = "Not an official text."
options = { none = "None", some = "Some", all = "All" }

[standard.governance]
title = "Governance"
short_title = "Governance"
requirement = "Somebody decides."
action = "Decide."
never_evidence = "Never a name."
guide = { none = "Nobody", some = "Some", all = "All" }

[standard.learning]
title = "Learning"
short_title = "Learning"
requirement = "Somebody learns."
action = "Learn."
never_evidence = "Never a name."
guide = { none = "Nobody", all = "All" }
"""


def add_third(folder: Path) -> None:
    home = folder / "third" / "0.1"
    home.mkdir(parents=True)
    (home / "framework.toml").write_text(THIRD, encoding="utf-8")
    (home / "text.en.toml").write_text(THIRD_WORDS, encoding="utf-8")


def test_a_third_instrument_needs_no_code(folder: Path) -> None:
    add_third(folder)
    third = criteria_files.load_frameworks(folder).get("third", "0.1")
    sheet = score(third, {"governance": "all", "learning": "none"})
    assert (sheet.score, sheet.max_score, sheet.risk) == (6, 7, Risk.LOW)
    assert score(third, {"governance": "some", "learning": "all"}).risk is Risk.HIGH
    assert third.text("fr").standards["learning"].action == "Learn."


def test_publishing_freezes_a_draft_and_later_its_words(folder: Path) -> None:
    add_third(folder)
    _, files = criteria_files.publish(folder, "third", "0.1")
    assert files == ("third/0.1/framework.toml", "third/0.1/text.en.toml")
    assert criteria_files.load_frameworks(folder).get("third").version == "0.1"
    french = THIRD_WORDS.replace('language = "en"', 'language = "fr"')
    (folder / "third/0.1/text.fr.toml").write_text(french, encoding="utf-8")
    framework, files = criteria_files.publish(folder, "third", "0.1")
    assert (framework.languages, files) == (("en", "fr"), ("third/0.1/text.fr.toml",))
    assert criteria_files.load_frameworks(folder).get("third").languages == ("en", "fr")


def test_publishing_refuses_what_is_unsound_and_writes_nothing(folder: Path) -> None:
    add_third(folder)
    path = folder / "third/0.1/framework.toml"
    path.write_text(THIRD.replace("from = 5", "from = 9"), encoding="utf-8")
    before = (path.read_bytes(), (folder / "PUBLISHED").read_bytes())
    for name in ("third", "nothing"):
        with pytest.raises(BadCriteria):
            criteria_files.publish(folder, name, "0.1")
    assert (path.read_bytes(), (folder / "PUBLISHED").read_bytes()) == before


def test_publishing_refuses_a_published_file_that_changed(folder: Path) -> None:
    path = folder / SIX
    path.write_text(path.read_text(encoding="utf-8") + "# x\n", encoding="utf-8")
    with pytest.raises(BadCriteria, match="a correction is a new version"):
        criteria_files.publish(folder, "unicef-six-2020", "1.0")


def test_two_crosswalks_of_one_pair_are_refused(folder: Path) -> None:
    shutil.copy(folder / CROSSWALK, folder / "crosswalk" / "six-to-eight-again.toml")
    catalogue = criteria_files.load_frameworks(folder)
    with pytest.raises(BadCriteria, match="another file for this pair"):
        criteria_files.load_crosswalks(folder, catalogue)
