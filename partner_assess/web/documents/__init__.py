"""This package holds the screen "documents": its views, its forms, what its pages show."""
