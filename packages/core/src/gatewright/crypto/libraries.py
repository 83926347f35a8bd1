"""The fault of asking for a feature whose optional library is not installed; it imports none of them."""

__all__ = ("MissingLibrary",)


class MissingLibrary(ImportError):
    """A feature needs a library that only an extra of the distribution brings.

    Args:
        library: Name of the missing distribution.
        extra: Name of the extra that installs it.
        purpose: What it is needed for, as the end of the sentence "... is needed to".
    """

    def __init__(self, library: str, *, extra: str, purpose: str) -> None:
        super().__init__(f"{library} is needed to {purpose}: install gatewright[{extra}]", name=library)
