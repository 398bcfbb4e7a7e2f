"""Features that know only the past; :func:`build` is the only assembler."""

from otklik.features.build import CATALOG, Table, assemble, build, names

__all__ = ["CATALOG", "Table", "assemble", "build", "names"]
