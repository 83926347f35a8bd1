"""Room 3: Protocols for everything that is not a function of its input.

Time, randomness, storage, egress, slow work and logs. Every promise in a docstring here has a test in the suites
of ``gatewright.testing``. Imports only rooms 0 to 2.
"""
