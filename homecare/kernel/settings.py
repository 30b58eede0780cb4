"""Every setting of every program, read once in its `main.py`. Nothing else touches the environment."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings from `PONCTUEL_…` variables, else from the file that `PONCTUEL_ENV_FILE` names (`.env`).

    Each is described in `.env.example`.
    """

    model_config = SettingsConfigDict(env_prefix="PONCTUEL_", extra="ignore", frozen=True)

    database_url: str
    owner_database_url: str = ""

    mqtt_host: str = "127.0.0.1"
    mqtt_port: int = 1883
    mqtt_user: str = "core"
    mqtt_password: str = ""

    sip_host: str = "127.0.0.1"
    sip_port: int = 5060
    ami_host: str = "127.0.0.1"
    ami_port: int = 5038
    ami_user: str = "ponctuel"
    ami_secret: str = ""
    fastagi_host: str = "127.0.0.1"
    fastagi_port: int = 4573

    kept_calls_dir: Path = Path("var/asterisk/kept")
    kept_calls_key: Path = Path("var/keys/kept-calls.key")

    realtime_host: str = "127.0.0.1"
    realtime_port: int = 8001
    web_host: str = "127.0.0.1"
    web_port: int = 8002
    front_url: str = "http://127.0.0.1:8000"

    state_dir: Path = Path("var")
    prompts_dir: Path = Path("var/prompts")
    espeak: str = "espeak-ng"
    static_dir: Path = Path("var/static")
    roads_dir: Path = Path("var/roads")
    tile_url: str = ""

    code_key: str = Field(min_length=16)
    session_key: str = Field(min_length=16)
    tag_key: str = Field(default="", pattern="^(.{16,})?$")
    timestamp_url: str = Field(default="", pattern="^(https?://.+)?$")
    core_instance: str = "core-1"
    demo: bool = False
    log_format: Literal["console", "json"] = "console"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are sent over HTTPS only: always, but for a front on plain loopback."""
        return self.front_url.startswith("https:")


def read_settings() -> Settings:
    """Read the settings. Raises pydantic's ValidationError, which names each missing or wrong variable."""
    return Settings(_env_file=os.environ.get("PONCTUEL_ENV_FILE", ".env"))  # type: ignore[call-arg]
