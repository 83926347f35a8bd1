"""Room 4: verbs. Use-cases that take values and give values; they read, decide and write, and know no HTTP."""
