"""Room 2: signatures, hashes, ciphers and random text as pure functions over bytes.

Time and randomness are parameters. The primitives come from ``cryptography``, ``argon2-cffi``, ``PyNaCl`` and
``PyJWT``; what lives here is the contract's way of combining them. Imports only room 0.
"""
