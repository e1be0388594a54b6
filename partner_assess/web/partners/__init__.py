"""This package holds the screen "partners": its views, its forms, what its pages show."""
