"""Checks that several katas have in common."""
