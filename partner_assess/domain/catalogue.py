"""This file holds the instruments that an installation knows, and which version is meant."""

from __future__ import annotations

from dataclasses import dataclass

from partner_assess.domain.errors import RuleError
from partner_assess.domain.framework import Framework


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All versions of all instruments."""

    frameworks: tuple[Framework, ...]

    def get(self, framework_id: str, version: str | None = None) -> Framework:
        """Return this version of an instrument, without one the newest that is published.

        Source: ours; docs/decisions/0005 (an assessment is shown by its own version)

        Raises:
            RuleError: "unknown_framework".
        """
        found = [
            framework
            for framework in self.frameworks
            if framework.id == framework_id
            and (
                framework.status == "published" if version is None else framework.version == version
            )
        ]
        if not found:
            name = framework_id if version is None else f"{framework_id}@{version}"
            raise RuleError("unknown_framework", framework=name)
        return max(found, key=_order)

    def all(self) -> tuple[Framework, ...]:
        """Return every version, by id and then oldest first."""
        return tuple(sorted(self.frameworks, key=lambda one: (one.id, _order(one))))


def _order(framework: Framework) -> tuple[int, ...]:
    """Return what versions are ordered by: 1.10 comes after 1.9."""
    return tuple(int(part) for part in framework.version.split("."))
