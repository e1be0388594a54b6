"""This package holds the screen "accounts": its views, its forms, what its pages show."""
