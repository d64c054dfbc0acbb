"""What proves that a kata tells right from wrong."""
