"""This file holds the reading of an instrument: its structure, and its words by language."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from partner_assess.adapters.criteria_files import published
from partner_assess.adapters.criteria_files.fields import Fields, FileProblem, Source
from partner_assess.domain.framework import (
    Determination,
    EvidenceType,
    Framework,
    FrameworkText,
    Indicator,
    IndicatorText,
    Met,
    Need,
    Option,
    Standard,
    StandardText,
    SuggestedWhen,
    Tier,
)
from partner_assess.domain.framework_problems import problems
from partner_assess.domain.risk import Capacity, Risk

_VERSION = re.compile(r"[0-9]+\.[0-9]+")
_TEXT = re.compile(r"text\.([a-z]{2,3})\.toml")


class Status(StrEnum):
    """Whether a version may still change."""

    DRAFT = "draft"
    PUBLISHED = "published"


def read_version(
    root: Path, folder: Path, *, digests: dict[str, str]
) -> tuple[Framework | None, list[FileProblem]]:
    """Return one version of an instrument, and every problem of its files."""
    base = folder.relative_to(root).as_posix()
    structure = folder / "framework.toml"
    if not structure.is_file():
        return None, [FileProblem(f"{base}/framework.toml", 1, "", "is missing")]
    sources = {"framework.toml": Source(structure, name=f"{base}/framework.toml")}
    strays: list[FileProblem] = []
    texts: dict[str, FrameworkText] = {}
    for path in sorted(folder.iterdir()):
        name = f"{base}/{path.name}"
        if found := _TEXT.fullmatch(path.name):
            sources[path.name] = Source(path, name=name)
            if sources[path.name].is_read:
                texts[found[1]] = _text(sources[path.name], language=found[1])
        elif path.name != "framework.toml":
            strays.append(FileProblem(name, 1, "", "is no file of an instrument"))
    source = sources["framework.toml"]
    framework = None
    if source.is_read:
        framework = _framework(source, folder, digest=published.digest_of(structure), texts=texts)
        _add_meaning(framework, sources, strays, base)
        strays += published.problems_of(
            root,
            (s.name for s in sources.values()),
            digests=digests,
            is_published=framework.status == Status.PUBLISHED,
        )
    return framework, [*(p for s in sources.values() for p in s.problems), *strays]


def _add_meaning(
    framework: Framework, sources: dict[str, Source], strays: list[FileProblem], base: str
) -> None:
    """Note what is wrong with the instrument as a whole, at the place in its file."""
    for problem in problems(framework):
        source = sources.get(problem.file)
        if source is None:
            strays.append(FileProblem(f"{base}/{problem.file}", 1, "", problem.reason))
        elif source.is_read:
            source.wrong(problem.key, problem.reason)


def _framework(
    source: Source, folder: Path, *, digest: str, texts: dict[str, FrameworkText]
) -> Framework:
    fields = source.fields()
    scoring = fields.table("scoring")
    framework = Framework(
        id=_named(fields, "id", folder.parent.name),
        version=_version(fields, folder.name),
        digest=digest,
        status=fields.one_of("status", Status) or Status.DRAFT,
        valid_from=fields.day("valid_from"),
        rule=scoring.word("rule"),
        determination=fields.one_of("determination", Determination) or Determination.FINAL,
        tiers=tuple(_tier(tier) for tier in scoring.tables("tier")),
        standards=tuple(
            _standard(standard, number)
            for number, standard in enumerate(fields.tables("standard"), start=1)
        ),
        evidence_types=tuple(
            _evidence_type(kind) for kind in fields.tables("evidence_type", optional=True)
        ),
        texts=texts,
        sources=fields.words("sources"),
        unverified=fields.words("unverified"),
    )
    scoring.finish()
    fields.finish()
    return framework


def _named(fields: Fields, name: str, wanted: str) -> str:
    value = fields.word(name)
    if value and value != wanted:
        fields.wrong(name, f"is the name of its folder, {wanted!r}")
    return value


def _version(fields: Fields, folder: str) -> str:
    value = _named(fields, "version", folder)
    if value and not _VERSION.fullmatch(value):
        fields.wrong("version", 'is two numbers with a point, like "1.0"')
    return value


def _tier(fields: Fields) -> Tier:
    tier = Tier(
        from_points=fields.number("from"),
        capacity=fields.one_of("capacity", Capacity) or Capacity.LOW,
        risk=fields.one_of("risk", Risk) or Risk.HIGH,
    )
    fields.finish()
    return tier


def _evidence_type(fields: Fields) -> EvidenceType:
    kind = EvidenceType(
        id=fields.word("id"),
        needs_description=fields.flag("needs_description", default=False),
        verified=fields.flag("verified", default=True),
    )
    fields.finish()
    return kind


def _standard(fields: Fields, number: int) -> Standard:
    standard = Standard(
        id=fields.word("id"),
        number=number,
        options=tuple(_option(option) for option in fields.tables("options")),
        weight=fields.number("weight", default=1),
        indicators=tuple(_indicator(i) for i in fields.tables("indicator", optional=True)),
        evidence=fields.words("evidence"),
        protocol_refs=fields.words("protocol_refs"),
        sources=fields.words("sources"),
        comment_required=fields.flag("comment_required", default=False),
        rating_only=fields.flag("rating_only", default=False),
        verified=fields.flag("verified", default=True),
    )
    fields.finish()
    return standard


def _option(fields: Fields) -> Option:
    option = Option(
        id=fields.word("id"),
        points=fields.number("points"),
        suggested_when=fields.one_of("suggested_when", SuggestedWhen, optional=True),
        needs_file=fields.flag("needs_file", default=False),
    )
    fields.finish()
    return option


def _indicator(fields: Fields) -> Indicator:
    usual = (Met.MET, Met.PARTLY, Met.NOT_MET)
    indicator = Indicator(
        id=fields.word("id"),
        need=fields.one_of("need", Need) or Need.SUPPORTING,
        evidence=fields.words("evidence"),
        answers=fields.some_of("answers", Met) if "answers" in fields.values else usual,
        answer_only=fields.flag("answer_only", default=False),
        accepted_when_not_met=fields.words("accepted_when_not_met"),
    )
    fields.finish()
    return indicator


def _text(source: Source, *, language: str) -> FrameworkText:
    fields = source.fields()
    if fields.word("language") != language:
        fields.wrong("language", f"is that of the file's name, {language!r}")
    text = FrameworkText(
        language=language,
        title=fields.word("title"),
        short_title=fields.word("short_title"),
        notice=fields.word("notice"),
        options=fields.table("options").all_words(),
        standards={
            name: _standard_text(words) for name, words in fields.by_name(name="standard").items()
        },
        evidence=fields.table("evidence", optional=True).all_words(),
    )
    fields.finish()
    return text


def _standard_text(fields: Fields) -> StandardText:
    indicators = fields.by_name(name="indicator", optional=True)
    text = StandardText(
        title=fields.word("title"),
        short_title=fields.word("short_title"),
        requirement=fields.word("requirement"),
        guide=fields.table("guide").all_words(),
        action=fields.word("action"),
        never_evidence=fields.word("never_evidence"),
        indicators={name: _indicator_text(words) for name, words in indicators.items()},
    )
    fields.finish()
    return text


def _indicator_text(fields: Fields) -> IndicatorText:
    text = IndicatorText(text=fields.word("text"), action=fields.word("action", optional=True))
    fields.finish()
    return text
