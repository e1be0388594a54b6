"""This package holds how they do it in a browser."""
