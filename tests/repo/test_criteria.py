from __future__ import annotations

from dataclasses import fields, replace
from itertools import product
from pathlib import Path

import pytest

from partner_assess.adapters import criteria_files
from partner_assess.adapters.criteria_files import published
from partner_assess.domain.crosswalk import Reading, read
from partner_assess.domain.framework import Framework, Need
from partner_assess.domain.framework_problems import problems
from partner_assess.domain.policy import ClockStart
from partner_assess.domain.risk import Risk
from partner_assess.domain.scoring import score
from tests.builders import ratings

FOLDER = Path(__file__).parents[2] / "criteria"
CATALOGUE = criteria_files.load_frameworks(FOLDER)
CROSSWALKS = criteria_files.load_crosswalks(FOLDER, CATALOGUE)
SIX = CATALOGUE.get("unicef-six-2020")
EIGHT = CATALOGUE.get("un-harmonized-eight-2020")


def test_every_file_of_a_published_version_has_its_digest() -> None:
    digests, wrong = published.read(FOLDER)
    shipped = {
        path.relative_to(FOLDER).as_posix(): published.digest_of(path)
        for framework in CATALOGUE.all()
        if framework.status == "published"
        for path in (FOLDER / framework.id / framework.version).iterdir()
    }
    assert not wrong
    assert digests == shipped


@pytest.mark.parametrize("framework", CATALOGUE.all(), ids=lambda framework: framework.id)
def test_every_shipped_framework_is_sound_and_has_its_words(framework: Framework) -> None:
    assert problems(framework) == ()
    for text in framework.texts.values():
        assert list(text.standards) == [standard.id for standard in framework.standards]
        assert set(text.evidence) == {kind.id for kind in framework.evidence_types}


@pytest.mark.parametrize("framework", CATALOGUE.all(), ids=lambda framework: framework.id)
def test_every_evidence_type_is_used_and_other_is_always_offered(framework: Framework) -> None:
    used = {name for standard in framework.standards for name in standard.evidence}
    assert used == {kind.id for kind in framework.evidence_types}
    assert all("other" in standard.evidence for standard in framework.standards)
    assert [kind.id for kind in framework.evidence_types if kind.needs_description] == ["other"]


@pytest.mark.parametrize("framework", CATALOGUE.all(), ids=lambda framework: framework.id)
def test_no_note_claims_an_official_text(framework: Framework) -> None:
    assert all("not an official" in text.notice for text in framework.texts.values())
    assert framework.unverified


def test_the_six_have_the_indicators_of_the_manual() -> None:
    required = {
        standard.id: [i.id for i in standard.indicators if i.need is Need.REQUIRED]
        for standard in SIX.standards
    }
    assert required == {
        "policy": ["S1.1", "S1.2", "S1.3", "S1.4"],
        "management_hr": ["S2.1", "S2.2", "S2.3"],
        "training": ["S3.1", "S3.2", "S3.3"],
        "reporting": ["S4.1", "S4.2", "S4.3", "S4.4"],
        "assistance": ["S5.1", "S5.2", "S5.3"],
        "investigations": ["S6.1", "S6.2", "S6.3", "S6.4"],
    }
    assert sum(len(standard.indicators) for standard in SIX.standards) == 33


def test_the_numbers_of_both_instruments_are_those_of_the_manual() -> None:
    assert [(t.from_points, t.capacity, t.risk) for t in SIX.tiers] == [
        (6, "low", "high"), (9, "medium", "moderate"), (15, "full", "low"),
    ]  # fmt: skip
    assert [(t.from_points, t.capacity, t.risk) for t in EIGHT.tiers] == [
        (0, "low", "high"), (6, "medium", "moderate"), (8, "full", "low"),
    ]  # fmt: skip
    with_na = [s.id for s in EIGHT.standards if "na" in {option.id for option in s.options}]
    assert with_na == ["corrective_measures"]
    assert [s.id for s in EIGHT.standards if s.rating_only] == with_na


def test_the_policies_differ_in_the_start_of_the_clock_alone() -> None:
    policies = criteria_files.load_policies(FOLDER)
    starts = {name: policy.clock_start for name, policy in policies.items()}
    assert starts == {
        "default": ClockStart.FINAL,
        "from-approval": ClockStart.APPROVED,
        "from-agreement": ClockStart.AGREED,
    }
    default = policies["default"]
    settings = {**default.settings, "clock_start": None}
    for name, policy in policies.items():
        same = replace(policy, name="default", clock_start=default.clock_start)
        for field in fields(default):
            if field.name != "settings":
                assert getattr(same, field.name) == getattr(default, field.name), name
        assert {**policy.settings, "clock_start": None} == settings


def from_eight(**others: str) -> Reading:
    answers = ratings(EIGHT, "yes", **others)
    return read(CROSSWALKS[EIGHT.id, SIX.id], EIGHT, SIX, answers)


def from_six(every: str, **others: str) -> Reading:
    return read(CROSSWALKS[SIX.id, EIGHT.id], SIX, EIGHT, ratings(SIX, every, **others))


def test_the_worked_example_of_the_crosswalk() -> None:
    answers = ratings(EIGHT, "yes", management="no", reporting="no")
    assert from_eight(management="no", reporting="no") == Reading(15, 16, Risk.LOW, ())
    assert score(EIGHT, answers).risk is Risk.MODERATE


@pytest.mark.parametrize(
    ("others", "low", "high"),
    [
        ({}, 18, 18),
        ({"policy": "no"}, 16, 17),
        ({"training": "no"}, 16, 17),
        ({"reporting": "no"}, 16, 17),
        ({"assistance": "no"}, 16, 17),
        ({"management": "no"}, 17, 17),
        ({"hr": "no"}, 17, 17),
        ({"management": "no", "hr": "no"}, 16, 17),
        ({"corrective_measures": "na"}, 18, 18),
        ({"corrective_measures": "no"}, 17, 17),
        ({"investigation": "no"}, 17, 17),
        ({"investigation": "no", "corrective_measures": "no"}, 16, 17),
        ({"investigation": "no", "corrective_measures": "na"}, 16, 17),
    ],
)
def test_eight_read_as_six(others: dict[str, str], low: int, high: int) -> None:
    reading = from_eight(**others)
    assert (reading.low, reading.high) == (low, high)


@pytest.mark.parametrize(
    ("others", "low", "high"),
    [
        ({}, 8, 8),
        ({"policy": "progressing"}, 7, 7),
        ({"training": "absent"}, 7, 7),
        ({"management_hr": "progressing"}, 6, 7),
        ({"management_hr": "absent"}, 6, 6),
        ({"investigations": "progressing"}, 6, 7),
        ({"investigations": "absent"}, 6, 7),
    ],
)
def test_six_read_as_eight(others: dict[str, str], low: int, high: int) -> None:
    reading = from_six("adequate", **others)
    assert (reading.low, reading.high) == (low, high)


def test_where_the_ends_disagree_the_undetermined_standards_are_named() -> None:
    assert from_six("adequate", management_hr="progressing", policy="absent") == Reading(
        5, 6, None, ("management", "hr")
    )
    assert from_six("adequate", investigations="absent", policy="absent") == Reading(
        5, 6, None, ("investigation", "corrective_measures")
    )
    assert from_eight(policy="no", reporting="no", training="no") == Reading(
        12, 15, None, ("policy", "training", "reporting")
    )


def test_every_complete_answer_can_be_read_in_the_other_instrument() -> None:
    for source, target in ((SIX, EIGHT), (EIGHT, SIX)):
        crosswalk = CROSSWALKS[source.id, target.id]
        names = [standard.id for standard in source.standards]
        every = product(*([option.id for option in s.options] for s in source.standards))
        for rated in every:
            reading = read(crosswalk, source, target, dict(zip(names, rated, strict=True)))
            assert reading.low <= reading.high
            assert bool(reading.to_rate) == (reading.indicative_risk is None)
