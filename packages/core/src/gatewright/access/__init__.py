"""Room 2: who may do what. Statements, roles made from them, and the check; pure functions over values.

What belongs here: deciding. What does not: where roles are kept (the plugins' tables) and who asks (their guards).
Imports go down to the standard library only.
"""
