"""This package holds the screen "plans": its views, its forms, what its pages show."""
