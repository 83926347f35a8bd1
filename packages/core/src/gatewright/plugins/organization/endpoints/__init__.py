"""Handlers of the organization plugin, by what they are about."""
