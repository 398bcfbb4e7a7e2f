"""What a pass of the collectors costs beside the bare HTTP requests that it makes."""

from __future__ import annotations

import http.client
import time
from urllib.parse import urlsplit

import pytest

from otklik.tracking.passes import Pass
from rig import Rig, check_stored, rig

N_POSTS = 10_000


def bare_seconds(at: Rig) -> float:
    """The time that the same requests take with nothing around them: one kept connection, answers read and dropped."""
    sent = list(at.sandbox.recorded or ())
    place = urlsplit(at.sandbox.address)
    connection = http.client.HTTPConnection(str(place.hostname), place.port)
    began = time.perf_counter()
    for method, path, body, headers in sent:
        connection.request(method, path, body or None, headers)
        connection.getresponse().read()
    took = time.perf_counter() - began
    connection.close()
    return took


@pytest.mark.benchmark
@pytest.mark.parametrize("platform", ["youtube", "vk"])
def test_a_pass_of_ten_thousand_posts_beside_bare_http(tmp_path, platform):
    with rig(tmp_path, (platform,), n_posts=N_POSTS, hours=0.01, n_authors=200, n_past=0, gone_rate=0.0) as at:
        at.run(14)
        # Two hours later everything is due; the wait between calls is not counted, since it is the platform's wish.
        at.clock.sleep(7200)
        at.sandbox.recorded = []
        began = time.perf_counter()
        report = Pass(at.store, at.sources, at.clock).run().platforms[platform]
        took = time.perf_counter() - began
        check_stored(at)
        n_calls = len(at.sandbox.recorded)
        bare = bare_seconds(at)
        print(
            f"\n{platform}: {report.seen} posts, {report.snapshots} looks kept in {took:.1f} s; "
            f"{n_calls} bare requests in {bare:.1f} s: {took / bare:.1f} times as long, "
            f"{1e3 * (took - bare) / report.snapshots:.2f} ms a post on top"
        )
        # Some of VK's are seen by the look for new posts.
        assert report.snapshots >= 0.98 * N_POSTS
