"""Room 2: statements, roles and the decision whether a role may do something. Pure functions over values."""
