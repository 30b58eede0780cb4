"""The gateway's settings, read once in `main`. They live in the same file as the core's, if both run here."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from mqtt_bridge.wire import Address


class GatewaySettings(BaseSettings):
    """Settings from `PONCTUEL_…` variables, else from the file that `PONCTUEL_ENV_FILE` names (`.env`)."""

    model_config = SettingsConfigDict(env_prefix="PONCTUEL_", extra="ignore", frozen=True)

    mqtt_host: str = "127.0.0.1"
    mqtt_port: int = 1883
    mqtt_ca_file: Path | None = None

    gateway_organisation: str = "1"
    gateway_device: str = Field(default="gw-0001", pattern="^gw-[0-9a-z]{2,30}$")
    gateway_password: str
    gateway_reader: str = "usb"

    front_url: str = "http://127.0.0.1:8000"

    state_dir: Path = Path("var")
    log_format: Literal["console", "json"] = "console"

    @property
    def address(self) -> Address:
        """The device, as topics name it."""
        return Address(self.gateway_organisation, self.gateway_device)

    @property
    def spool_file(self) -> Path:
        """Where the punches wait."""
        return self.state_dir / "gateway" / f"{self.gateway_device}.sqlite3"

    @property
    def health_file(self) -> Path:
        """Where the gateway writes how it feels."""
        return self.state_dir / "gateway" / f"{self.gateway_device}.json"


def read_settings() -> GatewaySettings:
    """Read the settings. Raises pydantic's ValidationError, which names each missing or wrong variable."""
    return GatewaySettings(_env_file=os.environ.get("PONCTUEL_ENV_FILE", ".env"))  # type: ignore[call-arg]
