"""This folder holds what is handed to others by a link, and the agency's trust bundle."""
