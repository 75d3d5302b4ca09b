"""One format as a ZIP that runs without Mien."""

from core.conversion.package.archive import package, package_name

__all__ = [
    "package",
    "package_name",
]
