"""The sandbox answers as the platforms document it: checked against their own published schemas."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from otklik.sandbox import World, vk, youtube

START = datetime(2026, 11, 1, tzinfo=UTC)
NOW = START + timedelta(hours=30)
VK_SCHEMA = Path(__file__).parents[3] / "shared" / "vk-api-schema"


# -- YouTube: the discovery document in the installed client -----------------------------------------------


def discovery_schemas() -> dict:
    package = resources.files("googleapiclient") / "discovery_cache" / "documents" / "youtube.v3.json"
    defs = {}
    for name, schema in json.loads(package.read_text())["schemas"].items():
        defs[name] = converted(schema)
    return defs


def converted(schema: dict) -> dict:
    """A discovery schema as JSON Schema 2020-12: closed objects, numbers in text."""
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    kind, form = schema.get("type"), schema.get("format")
    if kind == "any" or kind is None:
        return {}
    found: dict = {"type": kind}
    if form in ("uint64", "int64"):
        found["pattern"] = r"^-?\d+$"
    if form == "date-time":
        found["pattern"] = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"
    if "enum" in schema:
        found["enum"] = schema["enum"]
    if kind == "array":
        found["items"] = converted(schema["items"])
    if kind == "object":
        found["properties"] = {name: converted(one) for name, one in schema.get("properties", {}).items()}
        extra = schema.get("additionalProperties")
        found["additionalProperties"] = converted(extra) if isinstance(extra, dict) else False
    return found


@pytest.fixture(scope="module")
def youtube_world():
    return World("youtube", START, n_authors=3, n_posts=40, hours=24)


@pytest.mark.parametrize(
    ("method", "schema"),
    [
        ("videos.batchGetStats", "BatchGetStatsResponse"),
        ("videos.list", "VideoListResponse"),
        ("channels.list", "ChannelListResponse"),
        ("playlistItems.list", "PlaylistItemListResponse"),
        ("search.list", "SearchListResponse"),
    ],
)
def test_youtube_s_answers_obey_the_discovery_document(youtube_world, method, schema):
    world = youtube_world
    channel = next(iter(world.authors))
    query = {
        "id": list(world.authors) if method == "channels.list" else list(world.posts)[:20],
        "part": ["id,snippet,contentDetails,status,statistics,player"],
        "playlistId": ["UU" + channel[2:]],
        "publishedAfter": ["2026-10-01T00:00:00Z"],
        "q": [next(iter(world.posts.values())).title.split()[0]],
        "maxResults": ["5"],
    }
    body = youtube.answer(world, method, query, NOW)
    assert body["items"]
    validator = Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": discovery_schemas()})
    assert list(validator.iter_errors(body)) == []
    body["items"][0]["etga"] = "x"
    assert list(validator.iter_errors(body))


# -- VK: the official schema where it is at hand ------------------------------------------------------------

BASE = "https://vk-schema.invalid/"


def loosened(schema):
    """VK writes ``required: true`` on properties, and closes objects that it extends elsewhere."""
    if isinstance(schema, list):
        return [loosened(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: loosened(one) for name, one in schema.items() if name != "$schema"}
    if isinstance(found.get("required"), bool):
        del found["required"]
    properties = schema.get("properties")
    if isinstance(properties, dict):
        needed = [name for name, one in properties.items() if isinstance(one, dict) and one.get("required") is True]
        listed = schema.get("required") if isinstance(schema.get("required"), list) else []
        if needed or listed:
            found["required"] = sorted({*needed, *listed})
    if found.get("additionalProperties") is False:
        del found["additionalProperties"]
    return found


@pytest.fixture(scope="module")
def vk_registry():
    if not VK_SCHEMA.is_dir():
        pytest.skip("the official VK schema of ../shared/vk-api-schema is not on this machine")
    files = [
        path for path in VK_SCHEMA.rglob("*.json") if path.name in ("objects.json", "responses.json", "errors.json")
    ]
    pairs = [
        (BASE + path.relative_to(VK_SCHEMA).as_posix(), Resource(loosened(json.loads(path.read_text())), DRAFT7))
        for path in files
    ]
    return Registry().with_resources(pairs)


@pytest.fixture(scope="module")
def vk_world():
    return World("vk", START, n_authors=3, n_posts=40, hours=24)


def forms(world: World) -> dict[str, dict[str, str]]:
    owner = next(iter(world.authors))
    posts = [post_id for post_id, post in world.posts.items() if post_id == post.post_id]
    videos = [post_id for post_id in world.posts if post_id.startswith("video")]
    video_owner, item = videos[0].removeprefix("video").split("_")
    return {
        "wall.get": {"owner_id": owner, "count": "10"},
        "wall.getById": {"posts": ",".join(posts[:10])},
        "groups.getById": {"group_ids": ",".join(one[1:] for one in world.authors)},
        "newsfeed.search": {"q": world.posts[posts[0]].title.split()[0]},
        "likes.getList": {"owner_id": video_owner, "item_id": item},
        "video.get": {"videos": ",".join(one.removeprefix("video") for one in videos[:3])},
        "utils.resolveScreenName": {"screen_name": "author1"},
    }


@pytest.mark.parametrize(
    ("method", "file", "definition"),
    [
        ("wall.get", "wall", "wall_get_response"),
        ("wall.getById", "wall", "wall_getById_response"),
        ("groups.getById", "groups", "groups_getById_object_response"),
        ("newsfeed.search", "newsfeed", "newsfeed_search_response"),
        ("likes.getList", "likes", "likes_getList_response"),
        ("video.get", "video", "video_get_response"),
        ("utils.resolveScreenName", "utils", "utils_resolveScreenName_response"),
    ],
)
def test_vk_s_answers_obey_the_official_schema(vk_registry, vk_world, method, file, definition):
    body = {"response": vk.answer(vk_world, method, forms(vk_world)[method], NOW)}
    reference = {"$ref": f"{BASE}{file}/responses.json#/definitions/{definition}"}
    validator = Draft7Validator(reference, registry=vk_registry)
    assert [error.message for error in validator.iter_errors(body)] == []
    broken = json.loads(re.sub(r'("count"|"id"|"object_id"): -?\d+', r'\1: "many"', json.dumps(body)))
    assert list(validator.iter_errors(broken))


@pytest.mark.filterwarnings("ignore")
def test_vk_s_answers_are_read_by_a_second_client_s_models(vk_world):
    groups = pytest.importorskip("vkbottle_types.objects")
    posts = vk.answer(vk_world, "wall.getById", forms(vk_world)["wall.getById"], NOW)["items"]
    for item in posts:
        read = groups.WallWallpostFull.model_validate(item)
        assert (read.views.count, read.likes.count) == (item["views"]["count"], item["likes"]["count"])
    videos = vk.answer(vk_world, "video.get", forms(vk_world)["video.get"], NOW)["items"]
    assert all(groups.VideoVideoFull.model_validate(item).views == item["views"] for item in videos)
