from __future__ import annotations

from dataclasses import replace

import pytest

from partner_assess.domain.crosswalk import Crosswalk, Group, Reading, Row, problems, read, readings
from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Framework
from partner_assess.domain.risk import Risk
from tests.builders import eight, ratings, six


# Source "policy" and "training" of a small six, target "policy", "management", "hr" of a small
# eight: one group with one reading, one where the two of the target are never both Yes.
def with_tiers(framework: Framework, *starts: int) -> Framework:
    tiers = zip(framework.tiers, starts, strict=True)
    return replace(framework, tiers=tuple(replace(tier, from_points=n) for tier, n in tiers))


SOURCE = replace(six(), standards=(six().standards[0], six().standards[2]))
SOURCE = with_tiers(SOURCE, 2, 4, 6)
TARGET = with_tiers(replace(eight(), standards=eight().standards[:3]), 0, 1, 2)
NEITHER, FIRST, SECOND = (
    {"management": management, "hr": hr}
    for management, hr in (("no", "no"), ("yes", "no"), ("no", "yes"))
)


def row(rated: dict[str, str], *readings: dict[str, str]) -> Row:
    return Row({name: frozenset(some.split()) for name, some in rated.items()}, readings)


POLICY = Group(
    ("policy",),
    ("policy",),
    (
        row({"policy": "adequate"}, {"policy": "yes"}),
        row({"policy": "absent progressing"}, {"policy": "no"}),
    ),
)
TRAINING = Group(
    ("training",),
    ("management", "hr"),
    (
        row({"training": "adequate"}, {"management": "yes", "hr": "yes"}),
        row({"training": "progressing"}, NEITHER, FIRST, SECOND),
        row({"training": "absent"}, NEITHER),
    ),
)
TABLE = Crosswalk(SOURCE.id, TARGET.id, (POLICY, TRAINING))


@pytest.mark.parametrize(
    ("policy", "training", "reading"),
    [
        ("adequate", "adequate", Reading(3, 3, Risk.LOW, ())),
        ("adequate", "progressing", Reading(1, 2, None, ("management", "hr"))),
        ("absent", "progressing", Reading(0, 1, None, ("management", "hr"))),
        ("progressing", "absent", Reading(0, 0, Risk.HIGH, ())),
    ],
)
def test_read_gives_both_ends(policy: str, training: str, reading: Reading) -> None:
    given = {"policy": policy, "training": training}
    assert read(TABLE, SOURCE, TARGET, given) == reading


def test_readings_are_told_group_by_group() -> None:
    found = readings(TABLE, {"policy": "adequate", "training": "progressing"})
    assert found == ((POLICY, ({"policy": "yes"},)), (TRAINING, (NEITHER, FIRST, SECOND)))


def test_nothing_is_left_to_rate_where_both_ends_agree() -> None:
    target = with_tiers(TARGET, 0, 2, 3)
    reading = read(TABLE, SOURCE, target, ratings(SOURCE, "progressing"))
    assert reading == Reading(0, 1, Risk.HIGH, ())


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"policy": "adequate"}, "ratings_missing"),
        ({"policy": "adequate", "training": "yes"}, "unknown_rating"),
        ({"policy": "adequate", "training": "absent", "hr": "yes"}, "unknown_standard"),
    ],
)
def test_read_refuses_what_is_incomplete_or_unknown(given: dict[str, str], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        read(TABLE, SOURCE, TARGET, given)
    assert refused.value.code == code


def test_a_sound_crosswalk_has_no_problems() -> None:
    assert problems(TABLE, SOURCE, TARGET) == ()


def changed(group: Group) -> Crosswalk:
    return replace(TABLE, groups=(group, TRAINING))


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (
            replace(TABLE, groups=(TRAINING,)),
            (None, "from: 'policy' stands in 0 groups, not in one"),
        ),
        (
            replace(TABLE, groups=(POLICY, POLICY, TRAINING)),
            (None, "to: 'policy' stands in 2 groups, not in one"),
        ),
        (
            changed(replace(POLICY, source=("policy", "strange"))),
            (None, "from: unicef-six-2020 has no standard 'strange'"),
        ),
        (
            changed(replace(POLICY, rows=POLICY.rows[1:])),
            (0, "policy adequate stands in 0 rows, not in one"),
        ),
        (
            changed(replace(POLICY, rows=(*POLICY.rows, POLICY.rows[0]))),
            (0, "policy adequate stands in 2 rows, not in one"),
        ),
        (
            changed(replace(POLICY, rows=(*POLICY.rows, row({"policy": "yes"}, {"policy": "no"})))),
            (0, "unicef-six-2020 has no rating 'yes' of 'policy'"),
        ),
        (
            changed(replace(POLICY, rows=(row({"policy": "adequate"}), POLICY.rows[1]))),
            (0, "a row has at least one reading"),
        ),
        (
            changed(replace(POLICY, rows=(row({"policy": "adequate"}, {}), POLICY.rows[1]))),
            (0, "a reading leaves out policy"),
        ),
        (
            changed(
                replace(
                    POLICY,
                    rows=(
                        row({"policy": "adequate"}, {"policy": "yes", "hr": "no"}),
                        POLICY.rows[1],
                    ),
                )
            ),
            (0, "hr does not belong to the group"),
        ),
    ],
)
def test_problems_are_found(table: Crosswalk, problem: tuple[int | None, str]) -> None:
    assert problem in problems(table, SOURCE, TARGET)


def test_the_target_is_scored_by_its_own_weights() -> None:
    heavy = tuple(replace(standard, weight=2) for standard in TARGET.standards)
    target: Framework = replace(TARGET, rule="sum", standards=heavy)
    assert read(TABLE, SOURCE, target, ratings(SOURCE, "adequate")).high == 6
