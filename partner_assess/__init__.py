"""This package holds PartnerAssess."""
