"""How statements reach a database. One file per way; what each gives is in ``transport``."""
