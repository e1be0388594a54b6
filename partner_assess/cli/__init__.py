"""This package holds the commands."""
