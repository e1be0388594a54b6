"""This package holds the outside world: files, PDF, passwords."""
