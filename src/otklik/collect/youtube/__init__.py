"""YouTube, through the Data API v3. The client is imported when it is asked for: it is heavy."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from otklik.collect.youtube.client import YouTube

__all__ = ["YouTube"]


def __getattr__(name: str) -> Any:
    if name == "YouTube":
        from otklik.collect.youtube.client import YouTube

        return YouTube
    raise AttributeError(name)
