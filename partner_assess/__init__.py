"""This package holds PartnerAssess."""

__version__ = "0.1.0"
