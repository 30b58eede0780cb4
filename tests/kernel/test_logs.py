"""Logging: what cannot be written is lost, and nothing else is."""

import subprocess
import sys
from pathlib import Path

LOGS = """
import structlog
from homecare.kernel import logs

logs.configure("console")
structlog.get_logger().error("spool.failed")
print("the punch goes on")
"""


def test_a_full_disk_costs_a_line_of_the_log_and_stops_nobody() -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", LOGS], stdout=subprocess.PIPE, stderr=full, check=False, text=True
        )
    assert ended.stdout == "the punch goes on\n"
