"""``doctor``: looks for what would go wrong in production, before it does.

Here belong checks that read settings, the store and, where it is asked for, the running deployment; none of them changes
anything. A check is a function from a subject to findings.
"""

from gatewright.cli.doctor.command import doctor

__all__ = ("doctor",)
