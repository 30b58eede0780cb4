"""The application, with the front-end files gathered for the run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backoffice_web.app import BackOffice, create_app
from backoffice_web.gather import MODULES, SOURCES, gather, publish
from homecare.kernel.clock import Clock
from homecare.kernel.settings import Settings
from tests.backoffice_web.agency import NOW, Agency, found_agency
from tests.database import Database

NOWHERE = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"


@pytest.fixture(scope="session")
def static_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("static")
    publish(dict(gather(SOURCES, MODULES)), target)
    return target


@pytest.fixture
def app_without_database(static_dir: Path) -> Iterator[BackOffice]:
    settings = Settings(
        database_url=NOWHERE,
        static_dir=static_dir,
        code_key="a key for tests only",
        session_key="a key for tests only",
        demo=True,
        _env_file=None,  # type: ignore[call-arg]
    )
    app = create_app(settings)
    yield app
    app.pool.close()


@pytest.fixture
def browser(app_without_database: BackOffice) -> FlaskClient:
    return app_without_database.test_client()


@pytest.fixture
def agency(static_dir: Path, shared_database: Database) -> Iterator[Agency]:
    settings = Settings(
        database_url=shared_database.app,
        static_dir=static_dir,
        roads_dir=Path(__file__).parent / "map",
        code_key="a key for tests only",
        tag_key="a master key for tests only",
        session_key="a key for tests only",
        _env_file=None,  # type: ignore[call-arg]
    )
    app = create_app(settings, clock=Clock(real_now=lambda: NOW))
    yield found_agency(shared_database, app)
    app.pool.close()
