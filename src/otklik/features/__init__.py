"""Features that know only the past; :func:`build` is the only assembler."""

from otklik.features.build import CATALOG, NEEDS_HISTORY, Table, assemble, build, names

__all__ = ["CATALOG", "NEEDS_HISTORY", "Table", "assemble", "build", "names"]
