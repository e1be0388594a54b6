"""This folder holds the screen of other agencies’ reports."""
