"""The demo: one page over FastAPI and SQLite, without a build step and without other hosts.

Here belong the page's three files, what serves them, and where the demo keeps its secret. Nothing of it is meant for
production: mails go to the console.
"""
