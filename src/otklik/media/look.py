"""A look: all that can be told of a file, put together from its screening, its neighbours and the sound library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from otklik.content.explanation import Explanation
from otklik.media.prompts import Asked as Answers
from otklik.media.reuse import Reuse
from otklik.media.screening import Remark, Screening
from otklik.media.subtitles import Transcript
from otklik.media.symbols import Symbols


@dataclass(frozen=True)
class Words:
    """What was read on the picture and what is said; ``None`` where it was not looked for."""

    overlay: str | None = None
    speech: str | None = None


@dataclass(frozen=True)
class Look:
    """What a file shows and sounds like, what its words say, and whether its sound is known."""

    path: Path
    screening: Screening
    strip: bytes
    """Its small pictures in a row, as a JPEG."""
    symbols: Symbols | None
    """What is seen, with the labels of a probe where one is given."""
    answers: Answers | None
    """What a model of pictures and words says of prompts, where one was asked."""
    reuse: Reuse
    transcript: Transcript | None
    why_no_transcript: str | None
    overlay: Explanation | None
    """What the words on the picture say; ``None`` without words."""
    speech: Explanation | None
    remarks: tuple[Remark, ...]

    @property
    def words(self) -> Words:
        """Texts of the file, ``None`` where they were not looked for."""
        seen = self.screening.overlay
        is_read = seen is not None and seen.status == "read"
        return Words(seen.text if seen and is_read else None, self.transcript.text if self.transcript else None)
