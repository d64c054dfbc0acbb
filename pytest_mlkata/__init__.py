"""Machine-learning interview questions as katas, graded by pytest."""

__version__ = "0.1.0"
