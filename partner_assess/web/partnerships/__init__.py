"""This package holds the screen "partnerships": its views, its forms, what its pages show."""
