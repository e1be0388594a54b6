"""This package holds the screen "home": its views, its forms, what its pages show."""
