"""This package holds the screen "portfolio": its views, its forms, what its pages show."""
