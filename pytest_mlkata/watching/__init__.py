"""Grades on every save."""
