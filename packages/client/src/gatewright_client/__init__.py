"""The typed client of Gatewright and better-auth servers."""
