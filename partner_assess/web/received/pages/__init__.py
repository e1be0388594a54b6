"""This folder holds what the pages about received reports show."""
