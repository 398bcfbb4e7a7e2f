"""Opening a file of unknown content: what may be opened, and what it says of itself."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av

from otklik.errors import ConfigurationError, DataError

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,ogg,gif,apng,ivf,h264,hevc,av1,obu,asf,dv,"
    "mxf,rm,nut,y4m,yuv4mpegpipe,wav,w64,mp3,flac,aac,ac3,eac3,aiff,au,caf,amr,ape,wv,tta,opus"
)
"""Containers that are opened: those that hold their media themselves. Playlists name other files and are not."""
BUFFER = 1 << 18
"""Bytes read at once."""
MOST_FAULTS = 50
"""So many faults of a container are passed over."""
MOST_PIXELS = 80_000_000
"""A larger picture is refused unopened: 8K has 33 million, and one frame of this takes 240 MB as colours."""


def check_file(path: Path) -> None:
    """Refuse what is not a file with something in it.

    Raises:
        ConfigurationError: nothing is there, or a folder, a pipe or a device; or it may not be read.
        DataError: the file is empty.
    """
    try:
        kind = path.stat()
    except OSError as error:
        raise ConfigurationError("there is no file {path} ({why})", path=path, why=error.strerror) from None
    except ValueError:
        raise ConfigurationError("{path!r} is no name of a file", path=str(path)) from None
    if stat.S_ISDIR(kind.st_mode):
        raise ConfigurationError("{path} is a folder: name a video, a picture or a sound", path=path)
    if not stat.S_ISREG(kind.st_mode):
        raise ConfigurationError("{path} is a pipe or a device: name a file on a disk", path=path)
    if kind.st_size == 0:
        raise DataError("{path} is empty (0 bytes): copy or export the file again", path=path)


@contextmanager
def opened(path: Path) -> Iterator[av.container.InputContainer]:
    """A media file open for reading.

    It is given to FFmpeg as a stream of bytes, so no name of a file is taken for a protocol and nothing that the
    file names is opened.

    Raises:
        ConfigurationError, DataError: as :func:`check_file`, or when no decoder knows the content.
    """
    check_file(path)
    try:
        file = path.open("rb")
    except OSError as error:
        raise ConfigurationError("{path} cannot be read: {why}", path=path, why=error.strerror) from None
    with file:
        try:
            container = av.open(
                file,
                "r",
                metadata_errors="replace",
                container_options={"format_whitelist": FORMATS},
                buffer_size=1 << 18,
            )
        except (av.FFmpegError, ValueError, OSError) as error:
            raise unreadable(path, error) from None
        with container:
            yield container


def unreadable(path: Path, error: Exception) -> DataError:
    """The sentence for a file that no decoder understands."""
    return DataError(
        "{path} is no video, picture or sound that can be read ({why}): "
        "export it again, for example as MP4 with H.264 and AAC",
        path=path,
        why=getattr(error, "strerror", None) or str(error) or type(error).__name__,
    )


def packets(
    container: av.container.InputContainer, stream: av.VideoStream | av.AudioStream
) -> Iterator[av.Packet[Any]]:
    """The packets of a stream; damage in the middle of the container is passed over, so often at most.

    PyAV 18 raises IndexError for a track that a damaged transport stream announces in its middle.
    """
    for _ in range(MOST_FAULTS):
        try:
            yield from container.demux(stream)
        except (IndexError, av.FFmpegError, OSError):
            continue
        return
