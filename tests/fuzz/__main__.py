"""The long run: `python -m tests.fuzz [TARGET …] --inputs 1000000` (`make fuzz`).

Each target runs in a process of its own under atheris, which mutates the seeds towards code that no input has
reached. A crash or an input that takes longer than five seconds ends the run with the input in var/fuzz.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.names import NAMES

OUT = Path("var/fuzz")
HANG_SECONDS = 5
LONGEST = 4096


def explore(name: str, inputs: int) -> None:
    """Throw `inputs` inputs at a target. Ends the process, with a status that tells whether all went well."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore] # noqa: PLC0415

    # What is looked at for new ways through: our readers and the libraries that parse for us.
    looked_at = [
        "telephony",
        "mqtt_bridge",
        "realtime.checkin_wire",
        "nfc_gateway",
        "ndef",
        "asterisk",
        "json",
    ]
    with atheris.instrument_imports(include=looked_at):
        from tests.fuzz.targets import SEEDS, TARGETS  # noqa: PLC0415 - atheris rewrites what is imported here

    corpus = OUT / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [
        f"-runs={inputs}",
        f"-timeout={HANG_SECONDS}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={OUT / name}-",
        "-verbosity=1",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], TARGETS[name])
    atheris.Fuzz()


def main(arguments: Sequence[str]) -> int:
    """Explore the targets one after the other; 1 when one of them broke."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*NAMES, []], help="all, unless named")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    names = options.targets or list(NAMES)
    if options.here:
        explore(names[0], options.inputs)
        return 0
    broken = []
    OUT.mkdir(parents=True, exist_ok=True)
    for name in names:
        print(f"{name}: {options.inputs} entrées", flush=True)
        command = [sys.executable, "-m", "tests.fuzz", name, "--here", "--inputs", str(options.inputs)]
        with (OUT / f"{name}.log").open("wb") as log:
            status = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
        said = (OUT / f"{name}.log").read_text(errors="replace")
        print("\n".join(line for line in said.splitlines() if line.startswith(("Done", "stat::number"))))
        if status:
            broken.append(name)
            print(f"{name}: FAUTE, voir {OUT / name}.log")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
