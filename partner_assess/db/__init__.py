"""This package holds what is stored."""
