"""The settings of a running demonstration, for a command at the terminal."""

from pydantic import ValidationError

from docker.commands import Arguments
from homecare.kernel.settings import Settings, read_settings


def read_settings_for(parser: Arguments) -> Settings:
    """Return the settings, or refuse the command line (exit status 2) saying which are missing or wrong."""
    try:
        return read_settings()
    except ValidationError as wrong:
        names = ", ".join(f"PONCTUEL_{error['loc'][0]}".upper() for error in wrong.errors())
        parser.error(f"réglages absents ou faux : {names} ; PONCTUEL_ENV_FILE nomme leur fichier")
