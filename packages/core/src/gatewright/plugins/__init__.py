"""Room 7: plugins, one folder each, with the same rooms in small."""
