"""VK, through its API with a service token, and a user token where there is one; imported when asked for."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from otklik.collect.vk.client import VK

__all__ = ["VK"]


def __getattr__(name: str) -> Any:
    if name == "VK":
        from otklik.collect.vk.client import VK

        return VK
    raise AttributeError(name)
