"""Both platforms on this machine, made up from a stated process: the whole pipeline without keys or network."""

from otklik.sandbox.faults import Fault, Faults
from otklik.sandbox.server import Sandbox
from otklik.sandbox.world import World

__all__ = ["Fault", "Faults", "Sandbox", "World"]
