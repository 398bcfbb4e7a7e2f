"""Where a file says it comes from: content credentials, source types, names of generators in its metadata.

This is evidence and never a verdict. Metadata is easy to write, to copy and to strip, most services strip it, and a
C2PA manifest is only found here, its signature is not verified. Nothing found says nothing about how it was made.

Formats are walked by the sizes of their boxes, so that pictures and sound are passed over: of a film of any length at
most ``MOST_BYTES`` of metadata are read. Sources: the C2PA specification, embedding of manifests; IPTC NewsCodes,
digital source type (cv.iptc.org).
"""

from __future__ import annotations

import re
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

MOST_BYTES = 4 << 20
"""Bytes of metadata read from one file."""
MOST_OF_BLOCK = 1 << 20
"""Bytes read of one block: a manifest with thumbnails is longer, its names stand at the beginning or not at all."""
MOST_BLOCKS = 20_000
"""Blocks passed over in one file: a film cut into fragments has thousands."""
MOST_TOLD = 120
"""Characters of a value that are told."""
C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
CAVEAT = "evidence from metadata, never a verdict; the signature of C2PA was not verified"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that the file says about its origin.

    ``kind`` is ``c2pa``, ``digital_source_type``, ``generator``, ``generation_settings`` or ``aigc_label``; ``what`` is
    the value or the name, ``where`` the block of the file that holds it.
    """

    kind: str
    what: str
    where: str
    strength: Literal["weak"] = "weak"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was found; ``c2pa`` is ``not checked``, with a reason, where the file could not be walked to its end."""

    evidence: tuple[Evidence, ...]
    c2pa: Literal["present", "absent", "not checked"]
    reason: str = ""
    caveat: str = CAVEAT


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of metadata: where it stands, the name of its field if it has one, its first bytes."""

    where: str
    key: str
    data: bytes
    is_c2pa: bool = False


class _DamagedError(Exception):
    """A size leads out of the file, or the budget is spent; the message is the reason that is told."""


def provenance_of(path: Path, container_metadata: Mapping[str, str] | None = None) -> Provenance:
    """What a file says about its origin.

    Args:
        path: a video, a picture, anything: a file that cannot be read or walked gives ``not checked`` and a reason.
        container_metadata: names and values that the reader of the container gave (PyAV's ``container.metadata``).

    >>> provenance_of(Path("no such file"), {"encoder": "Runway Gen-3"}).evidence[0].what
    'Runway'
    """
    found: list[Evidence] = []
    for key, value in (container_metadata or {}).items():
        found.extend(_told_by(Block(f"container metadata {key}"[:MOST_TOLD], key, str(value).encode()[:MOST_OF_BLOCK])))
    present, reason = False, ""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _DamagedError("it is not a regular file")
        with path.open("rb") as file:
            for block in _blocks(_Reader(file, path.stat().st_size)):
                present = present or block.is_c2pa
                found.extend(_told_by(block))
    except _DamagedError as error:
        reason = str(error)
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        reason = f"the file cannot be read: {type(error).__name__}"
    state: Literal["present", "absent", "not checked"] = "present" if present else "not checked" if reason else "absent"
    return Provenance(tuple(dict.fromkeys(found)), state, reason)


class _Reader:
    """Reads a file within the budget; every read that comes out short is damage."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self.size, self._left, self._blocks = file, size, MOST_BYTES, MOST_BLOCKS

    def at(self, offset: int, n: int) -> bytes:
        """``n`` bytes from ``offset``."""
        if n < 0 or offset < 0 or offset + n > self.size:
            raise _DamagedError("a block leads out of the file: it is cut off or damaged")
        if n > self._left:
            raise _DamagedError(f"there are more than {MOST_BYTES >> 20} MB of metadata; what comes later was not read")
        self._left -= n
        self._file.seek(offset)
        data = self._file.read(n)
        if len(data) < n:
            raise _DamagedError("the file became shorter while it was read")
        return data

    def number(self, offset: int, n: int, order: Literal["big", "little"] = "big") -> int:
        """An unsigned number of ``n`` bytes; each is the head of a block and counts as one."""
        self._blocks -= 1
        if self._blocks < 0:
            raise _DamagedError(f"there are more than {MOST_BLOCKS} blocks; what comes later was not read")
        return int.from_bytes(self.at(offset, n), order)

    def first(self, offset: int, n: int) -> bytes:
        """What is read of a block of ``n`` bytes: all of it, or its beginning; it must lie within the file."""
        if offset + n > self.size:
            raise _DamagedError("a block leads out of the file: it is cut off or damaged")
        return self.at(offset, min(n, MOST_OF_BLOCK))


def _blocks(reader: _Reader) -> Iterator[Block]:
    head = reader.at(0, min(12, reader.size))
    walk: Callable[[_Reader], Iterator[Block]]
    if head.startswith(b"\xff\xd8"):
        walk = _jpeg
    elif head.startswith(b"\x89PNG\r\n\x1a\n"):
        walk = _png
    elif head.startswith(b"RIFF"):
        walk = _riff
    elif head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip", b"uuid"):
        walk = _boxes
    else:
        raise _DamagedError("content credentials are looked for in MP4, MOV, HEIF, JPEG, PNG and WebP only")
    yield from walk(reader)


def _jpeg(reader: _Reader) -> Iterator[Block]:
    """Segments up to the first scan. C2PA: APP11, ``JP``, a JUMBF box labelled c2pa, perhaps over many segments."""
    at = 2
    while True:
        marker = reader.number(at, 2)
        if marker == 0xFFFF:  # padding
            at += 1
            continue
        if marker in (0xFFDA, 0xFFD9):
            return
        if marker >> 8 != 0xFF:
            raise _DamagedError("a segment of the JPEG does not begin where it should")
        length = reader.number(at + 2, 2)
        if 0xE1 <= marker & 0xFF <= 0xEF or marker == 0xFFFE:
            data = reader.first(at + 4, max(0, length - 2))
            name = "comment" if marker == 0xFFFE else f"APP{(marker & 0xFF) - 0xE0}"
            is_c2pa = name == "APP11" and data[:2] == b"JP" and b"jumb" in data[:64] and b"c2pa" in data
            yield Block(f"JPEG {name}", "comment" if marker == 0xFFFE else "", data, is_c2pa)
        at += 2 + max(2, length)


def _png(reader: _Reader) -> Iterator[Block]:
    """Chunks up to IEND. C2PA: ``caBX``."""
    at = 8
    while at < reader.size:
        length, kind = reader.number(at, 4), reader.at(at + 4, 4)
        if kind == b"IEND":
            return
        if kind == b"caBX":
            yield Block("PNG caBX", "", reader.first(at + 8, length), is_c2pa=True)
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            key, _, rest = reader.first(at + 8, length).partition(b"\0")
            text = _png_text(kind, rest)
            yield Block(f"PNG {kind.decode()} {_shown(key)}".rstrip(), key.decode("latin-1"), text)
        elif kind == b"eXIf":
            yield Block("PNG eXIf", "", reader.first(at + 8, length))
        at += 12 + length
    raise _DamagedError("the PNG has no end: it is cut off or damaged")


def _png_text(kind: bytes, rest: bytes) -> bytes:
    """The text of a chunk after its name, unpacked within bounds; empty when it is damaged."""
    packed = kind == b"zTXt"
    if kind == b"zTXt":
        rest = rest[1:]
    elif kind == b"iTXt":
        packed = rest[:1] == b"\1"
        rest = b"\0".join(rest[2:].split(b"\0", 2)[2:])
    if not packed:
        return rest
    try:
        return zlib.decompressobj().decompress(rest, MOST_OF_BLOCK)
    except zlib.error:
        return b""


def _riff(reader: _Reader) -> Iterator[Block]:
    """Chunks of WebP, AVI and WAV. C2PA: ``C2PA``; XMP and EXIF under their names, the list INFO of AVI whole."""
    at = 12
    while at + 8 <= reader.size:
        kind, length = reader.at(at, 4), reader.number(at + 4, 4, "little")
        if kind in (b"C2PA", b"XMP ", b"EXIF", b"_PMX"):
            yield Block(f"RIFF {_shown(kind)}", "", reader.first(at + 8, length), kind == b"C2PA")
        elif kind == b"LIST" and length >= 4 and reader.at(at + 8, 4) == b"INFO":
            yield Block("RIFF INFO", "", reader.first(at + 12, length - 4))
        at += 8 + length + length % 2
    if at > reader.size + 1:  # the last odd chunk may lack its padding
        raise _DamagedError("a chunk leads out of the file: it is cut off or damaged")


def _boxes(reader: _Reader) -> Iterator[Block]:
    """Boxes of ISO media (MP4, MOV, HEIF, AVIF). C2PA and XMP: ``uuid`` boxes; texts: ``moov/udta`` and ``meta``."""
    todo = [(0, reader.size, "")]
    while todo:
        at, end, inside = todo.pop()
        while at + 8 <= end:
            length, kind, head = reader.number(at, 4), reader.at(at + 4, 4), 8
            if length == 1:
                length, head = int.from_bytes(reader.at(at + 8, 8), "big"), 16
            length = end - at if length == 0 else length
            if length < head or at + length > end:
                raise _DamagedError("a box leads out of the file: it is cut off or damaged")
            if kind == b"uuid" and length >= head + 16:
                mark = reader.at(at + head, 16)
                name = "C2PA" if mark == C2PA_BOX else "XMP" if mark == XMP_BOX else ""
                if name:
                    yield Block(
                        f"uuid box {name}", "", reader.first(at + head + 16, length - head - 16), name == "C2PA"
                    )
            elif kind in (b"udta", b"meta") and inside in ("", "moov"):
                name = f"box {inside}/{_shown(kind)}" if inside else f"box {_shown(kind)}"
                yield Block(name, "", reader.first(at + head, length - head))
            elif kind == b"moov" and not inside:
                todo.append((at + head, at + length, "moov"))
            at += length


GENERATORS = {
    "Stable Diffusion": r"stable[ _-]?diffusion|automatic1111|\bsdxl\b|stability[ .]?ai|\bsd-metadata\b",
    "ComfyUI": r"comfy[ _-]?ui",
    "InvokeAI": r"invoke[ _-]?ai\b",
    "Fooocus": r"\bfooocus",
    "NovelAI": r"\bnovel[ _-]?ai\b",
    "FLUX": r"black forest labs|\bflux[.]?1\b",
    "Midjourney": r"midjourney",
    "DALL-E": r"\bdall[·• -]?e\b",
    "OpenAI": r"\bopen ?ai\b|chatgpt|\bgpt-?4o\b|\bgpt-image",
    "Sora": r"openai sora|sora[ -]?2\b|sora\.(?:com|chatgpt)",
    "Runway": r"runway ?ml|runway gen|\bgen-?[234] ?(?:alpha|turbo)",
    "Kling": r"kling ?ai|可灵",
    "Pika": r"pika ?labs|pika\.art",
    "Luma": r"luma ?(?:ai|labs)|luma dream",
    "Google AI": r"made with google ai|google ?(?:imagen|veo|gemini|deepmind)|synthid",
    "Adobe Firefly": r"adobe firefly",
    "Hailuo": r"hailuo|minimax",
    "Jimeng or Dreamina": r"jimeng|dreamina|seedance|即梦",
    "Hunyuan": r"hunyuan|混元",
    "PixVerse": r"pixverse",
    "Leonardo.Ai": r"leonardo[. ]?ai",
    "Ideogram": r"ideogram[. ]?ai",
    "Meta AI": r"imagined with (?:meta )?ai|made with meta ai",
    "Grok": r"\bgrok (?:imagine|image)|\bx\.?ai aurora",
    "Kandinsky": r"kandinsky ?[2-9]|fusionbrain|кандинский ?[2-9]",
    "Шедеврум": r"шедеврум|shedevrum",
    "GigaChat": r"gigachat|гигачат",
    "HeyGen": r"\bheygen",
    "Synthesia": r"\bsynthesia",
}
"""Generators by what they or their users leave in metadata. A word of common speech counts here only with a neighbour
that makes it the name of the program; alone it counts in a field that names the program (``AMBIGUOUS``)."""
AMBIGUOUS = {"Sora": "sora", "Runway": "runway", "Kling": "kling", "Pika": "pika", "Kandinsky": "kandinsky|кандинский",
             "Luma": "luma", "Google AI": "veo|imagen|gemini", "Ideogram": "ideogram", "FLUX": "flux",
             "Adobe Firefly": "firefly"}  # fmt: skip
_TOOL_FIELDS = re.compile(
    r"software|encoder|encoded|creator_?tool|generator|producer|^make$|^model$|handler|tool", re.I
)
_XMP_TOOL = re.compile(
    r"(?:CreatorTool|softwareAgent|Software|Credit|claim_?generator)[^<>=]{0,40}[=>]\s*[\"']?([^\"'<]{1,200})"
)
_SOURCE = re.compile(r"digital_?source_?type/(\w{3,60})", re.I)
_SETTINGS = re.compile(r"\bSteps: \d+, Sampler: |\"class_type\": ?\"(?:KSampler|CheckpointLoader)|\"sampler_name\":")
_AIGC = re.compile(r"\bAIGC\b.{0,40}?\{.{0,80}?Label[\"':&quot; ]*(\w{1,8})", re.S)


def _told_by(block: Block) -> Iterator[Evidence]:
    """Evidence in one block."""
    text = block.data.decode("utf-8", "replace") if block.key else _text(block.data)
    if block.is_c2pa:
        yield Evidence("c2pa", "content credentials, signature not verified", block.where)
    for source in dict.fromkeys(_SOURCE.findall(text)):
        yield Evidence("digital_source_type", source, block.where)
    if _SETTINGS.search(text) or (block.key == "parameters" and "Steps:" in text):
        yield Evidence("generation_settings", _one_line(text), block.where)
    labelled = block.key.lower() == "aigc" and re.search(r"Label[\"': ]*(\w{1,8})", text)
    if label := labelled or _AIGC.search(text):
        yield Evidence("aigc_label", f"Label {label[1]}", block.where)
    is_tool = _TOOL_FIELDS.search(block.key)
    tools = _of_manifest(block.data) if block.is_c2pa else text if is_tool else "\n".join(_XMP_TOOL.findall(text))
    anywhere = tools if block.is_c2pa else f"{block.key}\n{text}"
    for name, pattern in GENERATORS.items():
        alone = rf"\b(?:{AMBIGUOUS[name]})\b" if name in AMBIGUOUS else None
        if re.search(pattern, anywhere, re.I) or (alone and re.search(alone, tools, re.I)):
            yield Evidence("generator", name, block.where)


def _text(data: bytes) -> str:
    """What can be read in a block: runs of at least five characters, in UTF-8 and in the UTF-16 of EXIF comments.

    Shorter runs are left out because a megabyte of a thumbnail holds every word of three letters by chance.
    """
    texts = [data.decode("utf-8", "replace")]
    if b"UNICODE\0" in data:
        comment = data.split(b"UNICODE\0", 1)[1]
        texts += [comment.decode("utf-16-be", "replace"), comment.decode("utf-16-le", "replace")]
    return "\n".join(run for text in texts for run in _READABLE.findall(text))


def _of_manifest(data: bytes) -> str:
    r"""Values of the fields of a C2PA manifest that name a program: CBOR strings, whose length stands before them.

    >>> _of_manifest(b"\xa1msoftwareAgent\xa1dnamedSora")
    'Sora'
    """
    values = []
    for match in _CBOR_FIELD.finditer(data):
        at, length = match.end(), match[2][-1] if match[2][0] == 0x78 else match[2][0] - 0x60
        values.append(data[at : at + length].decode("utf-8", "replace"))
    return "\n".join(values)


_READABLE = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]{5,}")
_CBOR_FIELD = re.compile(rb"(claim_generator|softwareAgent|name)([\x61-\x77]|\x78.)", re.S)


def _shown(raw: bytes) -> str:
    return "".join(one if one.isprintable() else "?" for one in raw.decode("latin-1")).strip()[:40]


def _one_line(text: str) -> str:
    plain = " ".join("".join(one if one.isprintable() else " " for one in text[: 4 * MOST_TOLD]).split())
    return plain[:MOST_TOLD]
