"""Hold a badge before a box by hand, and see what the core answers.

python -m simulators.mqtt_box --port 1883 --device box-0001 --password … --badge 04A1B2C3D4E5F6
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from docker.commands import Arguments, host, in_words, port
from simulators.mqtt_box.box import Box


def main() -> int:
    """Return 0 when the core has taken the punch."""
    parser = Arguments(prog="python -m simulators.mqtt_box", description=__doc__)
    parser.add_argument("--host", type=host, default="127.0.0.1")
    parser.add_argument("--port", type=port, default=1883)
    parser.add_argument("--organisation", default="1", help="the organisation's number")
    parser.add_argument("--device", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--badge", required=True)
    parser.add_argument("--edge", choices=["arrival", "departure"])
    parser.add_argument("--memory", type=Path, default=Path("var/box.journal"))
    parser.add_argument("--patience", type=float, default=30.0, help="seconds to wait for the answer")
    asked = parser.parse_args()
    try:
        asked.memory.parent.mkdir(parents=True, exist_ok=True)
        box = Box(asked.device, organisation=asked.organisation, password=asked.password, memory=asked.memory)
    except OSError as trouble:
        print(in_words(trouble), file=sys.stderr)
        return 1
    box.start(asked.host, asked.port)
    ref = box.punch(at=datetime.now(UTC), badge=asked.badge, edge=asked.edge)
    box.wait_until_answered(timeout=asked.patience)
    answer = box.answers.get(ref)
    box.stop()
    print(answer or "no answer: the punch waits in the box")
    return 0 if answer is not None and answer.status in {"stored", "duplicate"} else 1


if __name__ == "__main__":
    sys.exit(main())
