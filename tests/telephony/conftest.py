"""Asterisk, sounds, and cores that serve calls."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from homecare.workers.model import Language
from telephony.prompts import Prompts
from telephony.wordings import read_wording
from tests.supervised import Supervised, running_supervisor
from tests.telephony.agency import Setting, write_setting
from tests.telephony.network import PhoneNetwork
from tests.telephony.running import RunningCore

type StartCore = Callable[..., RunningCore]


@pytest.fixture(scope="session")
def asterisk() -> Iterator[Supervised]:
    """A real Asterisk of our own: these tests kill it."""
    with running_supervisor("--only", "asterisk") as running:
        yield running


@pytest.fixture(scope="session")
def phone(asterisk: Supervised) -> PhoneNetwork:
    """The telephone network: real callers, a real duty phone."""
    return PhoneNetwork(asterisk)


@pytest.fixture
def answer(asterisk: Supervised, tmp_path: Path) -> Iterator[StartCore]:
    """Have Asterisk's calls answered by a core, for an agency set up as said."""
    settings = asterisk.settings
    with ExitStack() as running:

        def start(**wishes: Any) -> RunningCore:
            return running.enter_context(
                RunningCore(
                    Setting(**wishes),
                    folder=tmp_path,
                    prompts=settings.prompts_dir,
                    port=settings.fastagi_port,
                )
            )

        yield start


@pytest.fixture(scope="session")
def prompts_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prompts")
    Prompts(read_wording(Language.FRENCH), folder).render_wording()
    return folder


@pytest.fixture(scope="session")
def start_core(tmp_path_factory: pytest.TempPathFactory, prompts_dir: Path) -> Iterator[StartCore]:
    """A core on a free port, for an agency set up as said. One for each setting; its journal is empty."""
    cores: dict[str, RunningCore] = {}
    with ExitStack() as running:

        def start(**wishes: Any) -> RunningCore:
            setting = Setting(**wishes)
            name = write_setting(setting)
            if name not in cores:
                folder = tmp_path_factory.mktemp("core")
                cores[name] = running.enter_context(RunningCore(setting, folder=folder, prompts=prompts_dir))
            return cores[name].forget()

        yield start
