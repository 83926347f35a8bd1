"""Signing in and linking through other people's identity providers."""
