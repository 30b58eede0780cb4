"""What is refused at the terminal is said in a French sentence, never as a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from docker.commands import Arguments, host_or_none


def run(*words: str) -> tuple[int, str]:
    """Return the exit status and what was said in complaint."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "docker.rootfs", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr.strip()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "il manque COMMAND"),
        (("danse",), "n’existe pas ; il y a"),
        (("up", "--only", "oracle"), "oracle n’existe pas ; il y a postgresql, mosquitto"),
        (("up", "--front-port", "abc"), "« abc » n’est pas un port (de 1 à 65535)"),
        (("up", "--front-port", "70000"), "« 70000 » n’est pas un port"),
        (("up", "--lan", "http://moi"), "« http://moi » n’est ni un nom de machine ni une adresse IPv4"),
        (("up", "--lan", "fd00::2"), "« fd00::2 » n’est ni un nom de machine ni une adresse IPv4"),
        (("up", "--state"), "--state attend une valeur"),
        (("up", "--vite"), "argument inconnu : --vite"),
        (("control",), "il manque words"),
    ],
)
def test_a_bad_argument_is_refused_with_status_2(words: tuple[str, ...], told: str) -> None:
    status, said = run(*words)
    assert status == 2
    assert told in said
    assert len(said.splitlines()) == 1


def up(state: Path, *, env_file: Path | None = None) -> tuple[int, str]:
    return run(
        "up", "--state", str(state), "--env-file", str(env_file or state / "env"), "--only", "mosquitto"
    )


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"ports": 3}', b'{"ports": {"mqtt": "x"}}', b"\xff\xfe", b'{"ports": {}}']
)
def test_damaged_secrets_are_told_with_what_to_do(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "secrets.json").write_bytes(damage)
    status, said = up(tmp_path)
    assert status == 1
    assert "secrets.json est endommagé : remettez-en une copie." in said
    assert (tmp_path / "secrets.json").read_bytes() == damage


def test_the_settings_need_a_folder_and_no_file_of_somebody_else(tmp_path: Path) -> None:
    status, said = up(tmp_path, env_file=tmp_path / "nulle/part/env")
    assert (status, "n’est pas un dossier : créez-le" in said) == (1, True)
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"\xff binary")
    status, said = up(tmp_path, env_file=foreign)
    assert (status, "was not written by us" in said) == (1, True)
    assert up(tmp_path, env_file=tmp_path) == (1, f"{tmp_path} est un dossier, pas un fichier.")


def test_a_state_that_cannot_be_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, said = up(tmp_path / "file" / "state", env_file=tmp_path / "env")
    assert (status, "n’est pas dans un dossier." in said) == (1, True)


def test_asking_where_nothing_runs_says_so_and_makes_nothing(tmp_path: Path) -> None:
    assert run("control", "--state", str(tmp_path / "a"), "status") == (
        1,
        f"Rien ne tourne sur {tmp_path / 'a'}.",
    )
    assert run("stop", "--state", str(tmp_path / "b"))[0] == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--speed", "x"], "--speed : 'x' n’est pas un nombre."),
        (["--speed"], "--speed attend une valeur."),
        (["--kind", "c"], "--kind : 'c' n’existe pas ; il y a "),
        (["--flag=1"], "--flag ne prend pas de valeur."),
        (["--fla"], "--fla peut vouloir dire --flag, --flat."),
        (["--flag", "--flat"], "--flat ne va pas avec --flag."),
        ([], "il faut l’un de ceux-ci : --flag --flat."),
    ],
)
def test_what_the_parser_says_is_put_in_french(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = Arguments(prog="essai")
    parser.add_argument("--speed", type=float)
    parser.add_argument("--kind", choices=["a", "b"])
    either = parser.add_mutually_exclusive_group(required=True)
    either.add_argument("--flag", action="store_true")
    either.add_argument("--flat", action="store_true")
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args(words)
    assert capsys.readouterr().err.startswith(f"essai : {told}")


def test_an_address_may_be_left_to_be_found() -> None:
    parser = Arguments()
    parser.add_argument("--lan", nargs="?", const="", type=host_or_none)
    assert [parser.parse_args(words).lan for words in ([], ["--lan"], ["--lan", "192.168.1.5"])] == [
        None,
        "",
        "192.168.1.5",
    ]
