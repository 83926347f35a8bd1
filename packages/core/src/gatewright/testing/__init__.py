"""The public test kit for applications, adapters and caches.

Browsers of an instance, a frozen clock, seeded randomness, a mailbox, scripted egress, a fake OpenID issuer, a passkey
authenticator in software, and the suites for adapters and caches. ``pytest_plugin`` has the fixtures.
"""
