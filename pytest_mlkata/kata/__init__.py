"""Reading kata folders: where they are, what they declare, which functions they ask for."""
