"""This file holds one line of the benchmark's table, and how it is judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One thing measured.

    Attributes:
        limit: What `value` may be at most; None where the row only informs.
        unit: "times" for a ratio, else what is counted.
    """

    name: str
    value: float
    limit: float | None
    unit: str = "times"
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return "ok", "OVER", or nothing where there is no limit."""
        if self.limit is None:
            return ""
        return "ok" if self.value <= self.limit else "OVER"

    def line(self) -> str:
        """Return the row as it is printed."""
        limit = "" if self.limit is None else f"{self.limit:g}"
        value = f"{self.value:.2f}" if self.unit in {"times", "KB"} else f"{self.value:g}"
        return (
            f"  {self.name:<38} {value:>8} {self.unit:<8} {limit:>6}  {self.verdict:<5} {self.note}"
        )
