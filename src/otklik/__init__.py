"""otklik: virality analytics for people who publish video on YouTube and VK.

The names below are the public API; each is loaded when it is first used, so that ``import otklik`` is quick.

>>> import otklik
>>> otklik.Draft(title="...", publish_at=otklik.utc("2026-12-04T19:00:00+03:00")).kind
<Kind.SHORT: 'short'>
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from otklik.errors import OtklikError as OtklikError
    from otklik.evaluate import Evaluation as Evaluation
    from otklik.exporting import CsvStyle as CsvStyle
    from otklik.models.forecast import Forecast as Forecast
    from otklik.records import Author as Author
    from otklik.records import Draft as Draft
    from otklik.records import DraftAuthor as DraftAuthor
    from otklik.records import PastPost as PastPost
    from otklik.records import Post as Post
    from otklik.records import Snapshot as Snapshot
    from otklik.units import utc as utc
    from otklik.workspace import Workspace as Workspace
    from otklik.workspace import score as score

__version__ = "0.1.0"
_HOMES = {
    "Author": "records",
    "CsvStyle": "exporting",
    "Draft": "records",
    "DraftAuthor": "records",
    "Evaluation": "evaluate",
    "Forecast": "models.forecast",
    "OtklikError": "errors",
    "PastPost": "records",
    "Post": "records",
    "Snapshot": "records",
    "Workspace": "workspace",
    "score": "workspace",
    "utc": "units",
}
"""In which module each public name lives."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
