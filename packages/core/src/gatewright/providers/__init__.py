"""Room 2: social providers as descriptions; nothing here opens a connection."""
