"""This package holds the screen "suspensions": its views, its forms, what its pages show."""
