"""This package holds the screen "trust": its views, its forms, what its pages show."""
