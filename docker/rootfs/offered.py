"""Servers that already run somewhere: named by settings in the environment, used instead of being started."""

import os
from collections.abc import Mapping

# What names each server, and the settings that go with it.
_NAMED_BY = {
    "postgresql": "PONCTUEL_DATABASE_URL",
    "mosquitto": "PONCTUEL_MQTT_HOST",
    "asterisk": "PONCTUEL_AMI_HOST",
}


def offered_servers(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """Names of the servers that are not ours to start."""
    return frozenset(server for server, variable in _NAMED_BY.items() if environment.get(variable))
