"""This file holds the reading of a policy: every number an agency may set, with its source."""

from __future__ import annotations

import re
from pathlib import Path

from partner_assess.adapters.criteria_files.fields import Fields, FileProblem, Source
from partner_assess.adapters.criteria_files.toml_lines import Key
from partner_assess.domain.policy import BadPolicy, Policy

_PLAIN = {"schema", "name", "plan", "framework"}
_IN_PLAN = re.compile(r"plan\[(\d+)\]\.(\w+)")


def read_policy(root: Path, path: Path) -> tuple[Policy | None, list[FileProblem]]:
    """Return the policy of a file, and every problem of it."""
    source = Source(path, name=path.relative_to(root).as_posix())
    if not source.is_read:
        return None, source.problems
    fields = source.fields()
    if fields.word("name") != path.stem:
        fields.wrong("name", f"is the name of the file, {path.stem!r}")
    plans = fields.tables("plan")
    for table in (fields, *plans):
        _check_settings(table)
    policy = None
    try:
        values = {**source.values, "plan": [plan.values for plan in plans]}
        policy = Policy.from_mapping(path.stem, values)
    except BadPolicy as bad:
        for name, reason in bad.problems:
            source.wrong(_place(name), reason)
    return policy, source.problems


def _check_settings(fields: Fields) -> None:
    """Note settings that do not say whether a text was seen, and keys that mean nothing."""
    for name in fields.values.keys() - _PLAIN:
        if isinstance(fields.values[name], dict):
            setting = fields.table(name)
            if "verified" not in setting.values:
                setting.wrong("verified", "is missing")
            setting.flag("verified", default=False)
            setting.skip("value", "source")
            setting.finish()
        elif fields.key:
            fields.wrong(name, "needs { value = ..., source = ..., verified = ... }")


def _place(name: str) -> Key:
    """Return the place in the file of a setting that the policy names."""
    found = _IN_PLAN.fullmatch(name)
    return ("plan", int(found[1]) - 1, found[2]) if found else (name,)
