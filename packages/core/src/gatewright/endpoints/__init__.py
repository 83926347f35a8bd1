"""Room 6: one handler per core operation; files are named as in ``contract``."""
