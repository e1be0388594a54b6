"""This package holds the screen "approvals": its views, its forms, what its pages show."""
