"""``python -m gatewright.cli`` is the command ``gatewright``, where the environment's scripts are not on the path."""

from gatewright.cli import main

main()
