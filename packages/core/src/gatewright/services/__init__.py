"""Room 4: nouns. The keeper of each table, and of what must be true of it."""
