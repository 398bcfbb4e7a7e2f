"""Evidence of origin: found where it stands, bounded in bytes, never a crash, never a verdict."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from otklik.media import provenance
from otklik.media.provenance import C2PA_BOX, XMP_BOX, Evidence, Provenance, provenance_of

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
XMP = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description xmp:CreatorTool="Runway"
 Iptc4xmpExt:DigitalSourceType="{SOURCE}"/></rdf:RDF></x:xmpmeta>""".encode()


def manifest(agent: str = "Sora") -> bytes:
    """A JUMBF superbox labelled c2pa with the strings of a claim; its signature is nonsense."""
    label = struct.pack(">I", 25 + 5) + b"jumd" + bytes.fromhex("6332706100110010800000aa00389b71") + b"\3c2pa\0"
    name = agent.encode()
    claim = b"\xa2msoftwareAgent\xa1dname" + bytes([0x60 + len(name)]) + name
    claim += b"qdigitalSourceType\x78" + bytes([len(SOURCE)]) + SOURCE.encode()
    body = label + struct.pack(">I", 8 + len(claim)) + b"cbor" + claim
    return struct.pack(">I", 8 + len(body)) + b"jumb" + body


def picture(form: str, **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, form, **options)
    return made.getvalue()


def jpeg_with(marker: int, payload: bytes) -> bytes:
    plain = picture("JPEG")
    return plain[:2] + struct.pack(">HH", marker, len(payload) + 2) + payload + plain[2:]


def png_with(kind: bytes, payload: bytes) -> bytes:
    plain = picture("PNG")
    chunk = struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))
    return plain[:33] + chunk + plain[33:]


def webp_with(kind: bytes, payload: bytes) -> bytes:
    body = picture("WEBP")[8:] + kind + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def film(**metadata: str) -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", "mp4") as container:
        container.metadata.update(metadata)
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for k in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((32, 32, 3), 40 * k, np.uint8), "rgb24")))
        container.mux(stream.encode(None))
    return made.getvalue()


def box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", 8 + len(payload)) + kind + payload


def film_with(extra: bytes) -> bytes:
    plain = film()
    end = struct.unpack(">I", plain[:4])[0]
    return plain[:end] + extra + plain[end:]


C2PA_UUID = box(b"uuid", C2PA_BOX + bytes(4) + b"manifest\0" + bytes(8) + manifest())
WITH_C2PA = {
    "a.jpg": jpeg_with(0xFFEB, b"JP\0\1\0\0\0\1" + manifest()),
    "a.png": png_with(b"caBX", manifest()),
    "a.webp": webp_with(b"C2PA", manifest()),
    "a.mp4": film_with(C2PA_UUID),
    "end.mp4": film() + C2PA_UUID,
}
WITHOUT = {"a.jpg": picture("JPEG"), "a.png": picture("PNG"), "a.webp": picture("WEBP"), "a.mp4": film()}


def told(tmp_path: Path, data: bytes, name: str = "file") -> Provenance:
    path = tmp_path / name
    path.write_bytes(data)
    return provenance_of(path)


@pytest.mark.parametrize("name", WITH_C2PA)
def test_content_credentials_are_found_and_what_they_say_is_told_as_weak(name: str, tmp_path: Path) -> None:
    found = told(tmp_path, WITH_C2PA[name], name)
    assert found.c2pa == "present"
    assert {(one.kind, one.what) for one in found.evidence} == {
        ("c2pa", "content credentials, signature not verified"),
        ("digital_source_type", "trainedAlgorithmicMedia"),
        ("generator", "Sora"),
    }
    assert {one.strength for one in found.evidence} == {"weak"}
    assert "not verified" in found.caveat
    assert "never a verdict" in found.caveat


@pytest.mark.parametrize("name", WITHOUT)
def test_a_plain_file_has_no_evidence_and_no_credentials(name: str, tmp_path: Path) -> None:
    assert told(tmp_path, WITHOUT[name], name) == Provenance((), "absent", "")


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (jpeg_with(0xFFE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP), "JPEG APP1"),
        (png_with(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP), "PNG iTXt XML:com.adobe.xmp"),
        (webp_with(b"XMP ", XMP), "RIFF XMP"),
        (film_with(box(b"uuid", XMP_BOX + XMP)), "uuid box XMP"),
    ],
)
def test_the_source_type_and_the_tool_of_xmp_are_read(data: bytes, where: str, tmp_path: Path) -> None:
    found = told(tmp_path, data)
    assert Evidence("digital_source_type", "trainedAlgorithmicMedia", where) in found.evidence
    assert Evidence("generator", "Runway", where) in found.evidence
    assert found.c2pa == "absent"


def test_settings_of_stable_diffusion_and_the_graph_of_comfyui_are_found_in_png(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_text("parameters", "кремль, неон\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1", zip=True)
    info.add_itxt("workflow", '{"3": {"class_type": "KSampler"}, "comment": "ComfyUI"}', zip=True)
    kinds = {(one.kind, one.where) for one in told(tmp_path, picture("PNG", pnginfo=info)).evidence}
    assert ("generation_settings", "PNG iTXt parameters") in kinds
    assert ("generation_settings", "PNG iTXt workflow") in kinds
    assert ("generator", "PNG iTXt workflow") in kinds


def test_settings_in_the_exif_comment_of_a_jpeg_are_found(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "Steps: 30, Sampler: DPM++".encode("utf-16-be")
    found = told(tmp_path, picture("JPEG", exif=exif))
    assert [one.kind for one in found.evidence] == ["generation_settings"]


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [
        ("comment", "Сделано в Шедевруме, Шедеврум", "Шедеврум"),
        ("comment", "Kandinsky 4.1 video", "Kandinsky"),
        ("encoder", "Kling", "Kling"),
        ("comment", "made with KlingAI", "Kling"),
        ("title", "midjourney v7", "Midjourney"),
        ("software", "Sora", "Sora"),
    ],
)
def test_names_of_generators_in_the_container_metadata_are_evidence(
    key: str, value: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film())
    assert [one.what for one in provenance_of(path, {key: value}).evidence] == [name]


@pytest.mark.parametrize("title", ["Sora no Woto", "На runway в Казани", "Кандинский в Казани", "Firefly in the park"])
def test_a_common_word_in_a_title_is_no_evidence(title: str, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film(title=title))
    assert provenance_of(path, {"title": title}).evidence == ()


def test_the_comment_inside_a_film_is_found_without_the_reader_of_the_container(tmp_path: Path) -> None:
    found = told(tmp_path, film(comment="Made with Google AI"))
    assert [(one.what, one.where) for one in found.evidence] == [("Google AI", "box moov/udta")]


def test_the_label_of_chinese_services_is_found(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film())
    found = provenance_of(path, {"AIGC": '{"Label":"1","ContentProducer":"x"}'})
    assert found.evidence == (Evidence("aigc_label", "Label 1", "container metadata AIGC"),)


def test_of_a_film_of_five_gigabytes_only_heads_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "MOST_BYTES", 4096)
    path, size = tmp_path / "long.mp4", 5 << 30
    with path.open("wb") as file:
        file.write(box(b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"mdat", size))
        file.seek(12 + size)
        file.write(C2PA_UUID)
    assert provenance_of(path).c2pa == "present"


def test_more_metadata_than_is_read_is_said(tmp_path: Path) -> None:
    data = box(b"ftyp", b"isom") + b"".join(box(b"meta", bytes(900_000)) for _ in range(6))
    found = told(tmp_path, data)
    assert found.c2pa == "not checked"
    assert "more than 4 MB" in found.reason


@pytest.mark.parametrize("name", WITH_C2PA)
def test_a_file_cut_off_is_not_called_free_of_credentials(name: str, tmp_path: Path) -> None:
    whole = WITHOUT.get(name, WITHOUT["a.mp4"])
    found = told(tmp_path, whole[: len(whole) * 2 // 3])
    assert found.c2pa in ("not checked", "absent")
    if name.endswith((".mp4", ".png")):
        assert found.c2pa == "not checked"
        assert found.reason


def test_what_is_no_file_or_of_another_kind_is_not_checked_and_says_why(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "regular" in provenance_of(tmp_path / "pipe").reason
    assert "regular" in provenance_of(tmp_path).reason
    assert "FileNotFoundError" in provenance_of(tmp_path / "nothing").reason
    assert provenance_of(tmp_path / "zero\0byte").c2pa == "not checked"
    for data in (b"", b"ID3", b"\x1aE\xdf\xa3matroska"):
        assert told(tmp_path, data).c2pa == "not checked"


def test_what_is_told_can_be_written_and_read(tmp_path: Path) -> None:
    found = told(tmp_path, WITH_C2PA["a.mp4"])
    assert msgspec.json.decode(msgspec.json.encode(found), type=Provenance) == found


@given(
    name=st.sampled_from(sorted(WITH_C2PA)),
    changes=st.lists(st.tuples(st.integers(0, 5000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6),
    length=st.integers(0, 6000),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_never_crash(name: str, changes: list[tuple[int, bytes]], length: int, tmp_path: Path) -> None:
    data = bytearray(WITH_C2PA[name])
    for at, new in changes:
        data[at % len(data) : at % len(data) + len(new)] = new
    found = told(tmp_path, bytes(data[:length]))
    assert found.c2pa in ("present", "absent", "not checked")
    assert bool(found.reason) or found.c2pa != "not checked"


@given(tail=st.binary(max_size=400))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_after_any_head_never_crash(tail: bytes, tmp_path: Path) -> None:
    for head in (
        b"\xff\xd8",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\0\0\0\0WEBP",
        b"\0\0\0\x08ftyp",
        b"\xff\xd8\xff\xeb\0\x20JP",
    ):
        told(tmp_path, head + tail)
