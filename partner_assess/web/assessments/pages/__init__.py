"""This folder holds what the pages of assessments show, a file for each kind of page."""
