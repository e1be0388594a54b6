from __future__ import annotations

from dataclasses import replace

import pytest

from partner_assess.domain.catalogue import Catalogue
from partner_assess.domain.errors import RuleError
from tests.builders import eight, six

CATALOGUE = Catalogue(
    (
        replace(six(), version="1.10"),
        replace(six(), version="1.9"),
        replace(six(), version="2.0", status="draft"),
        eight(),
    )
)


@pytest.mark.parametrize(("version", "found"), [(None, "1.10"), ("1.9", "1.9"), ("2.0", "2.0")])
def test_the_newest_published_version_is_meant_unless_one_is_named(
    version: str | None, found: str
) -> None:
    assert CATALOGUE.get(six().id, version).version == found


@pytest.mark.parametrize(("name", "version"), [("strange", None), (six().id, "9.9")])
def test_an_unknown_framework_is_refused(name: str, version: str | None) -> None:
    with pytest.raises(RuleError, match="unknown_framework"):
        CATALOGUE.get(name, version)


def test_all_versions_stand_in_order() -> None:
    assert [framework.version for framework in CATALOGUE.all()] == ["1.0", "1.9", "1.10", "2.0"]
