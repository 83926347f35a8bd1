"""Which files this distribution has: the pure rooms of the core, taken from the core's source tree.

A source distribution has them below its own ``src``.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PureRooms(BuildHookInterface[Any]):
    """Adds the files of the configuration's ``files``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files, unless the source tree itself is what is installed."""
        if version == "editable":
            return
        root = Path(self.root)
        own = root / "src" / "gatewright"
        source = own if own.is_dir() else root.parent / "src" / "gatewright"
        below = "gatewright" if self.target_name == "wheel" else "src/gatewright"
        patterns: list[str] = self.config["files"]
        for path in sorted({path for pattern in patterns for path in source.glob(pattern)}):
            build_data["force_include"][str(path)] = f"{below}/{path.relative_to(source).as_posix()}"
