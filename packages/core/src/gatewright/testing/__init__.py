"""The public test kit: a frozen clock, seeded randomness, a mailbox, scripted egress and the adapter suite."""
