"""This package holds the screen "assessments": its views, its forms, what its pages show."""
