"""The simulators at the terminal: what they cannot do is said in a French sentence, never as a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CALL = ("handset", "0549000000", "--switch")
CARD = ("nfc_card", "--uid")
BOX = ("mqtt_box", "--device", "box-1", "--password", "x", "--badge", "b")
PHONE = ("phone_app", "--email", "a@exemple.fr", "--password", "x", "--tag", "t", "--url")


def run(simulator: str, *words: str, **settings: str) -> tuple[int, str]:
    """Return the exit status and what was said in complaint, run without settings but these."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PONCTUEL_")}
    done = subprocess.run(  # noqa: S603 - our own programs
        [sys.executable, "-m", f"simulators.{simulator}", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=clean | {"PONCTUEL_ENV_FILE": os.devnull} | settings,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr.strip()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("handset",), "il manque called, --switch"),
        ((*CALL, "nulle part"), "--switch : « nulle part » n’est pas de la forme 127.0.0.1:5060"),
        ((*CALL, "127.0.0.1:5060", "--keys", "x:1"), "« x:1 » ne se lit pas ; par exemple 1.5:123456"),
        ((*CARD, "zz"), "« zz » n’est pas un identifiant de 4, 7 ou 10 octets"),
        ((*CARD, "0401020304"), "octets en hexadécimal"),
        ((*CARD, "04010203", "--port", "99999"), "« 99999 » n’est pas un port"),
        ((*BOX, "--port", "0"), "« 0 » n’est pas un port"),
        ((*BOX, "--edge", "midi"), "--edge : 'midi' n’existe pas ; il y a"),
        ((*PHONE, "nulle part"), "« nulle part » n’est pas une adresse"),
        (("phone_app", "--url", "http://127.0.0.1"), "il manque --email, --password"),
        (("day", "--speed", "0"), "« 0 » n’est pas une vitesse (de 1 à 120)"),
        (("day", "--from", "25:00"), "--from : '25:00' n’est pas une date ou une heure"),
        (("day", "--from", "12:00", "--to", "08:00"), "--from doit précéder --to"),
        (("day", "--cut", "tout"), "--cut : 'tout' ne convient pas"),
        (("day",), "réglages absents ou faux : PONCTUEL_DATABASE_URL, PONCTUEL_CODE_KEY"),
        (("seed", "--seed", "un"), "--seed : 'un' n’est pas un nombre entier"),
        (("seed", "--describe"), "PONCTUEL_ENV_FILE nomme leur fichier"),
        (("demo", "--speed", "vite"), "« vite » n’est pas une vitesse"),
        (("demo", "--planning-seconds", "0"), "« 0 » n’est pas un nombre entier de 1 à 600"),
        (("territory",), "il manque --out"),
        (("territory", "--out", "x", "--addresses", "10"), "un territoire a au moins 300 adresses"),
    ],
)
def test_a_bad_argument_is_refused_with_status_2(words: tuple[str, ...], told: str) -> None:
    status, said = run(*words)
    assert (status, told in said) == (2, True), said
    assert len(said.splitlines()) == 1


def test_what_the_machine_refuses_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    below = str(tmp_path / "file" / "below")
    for words in (
        ("territory", "--out", below, "--addresses", "300"),
        (*BOX, "--memory", f"{below}/journal"),
        ("demo", "--state", below),
    ):
        status, said = run(*words)
        assert (status, said.splitlines()[-1]) == (1, f"{below} n’est pas dans un dossier.")


@pytest.mark.parametrize("damage", [None, b"{", b"[]", b'{"organisation": 1}', b"\xff"])
def test_an_agency_whose_keepsakes_are_lost_is_told(tmp_path: Path, damage: bytes | None) -> None:
    if damage is not None:
        (tmp_path / "demo-secrets.json").write_bytes(damage)
    status, said = run(
        "seed",
        "--describe",
        PONCTUEL_STATE_DIR=str(tmp_path),
        PONCTUEL_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
        PONCTUEL_CODE_KEY="a key for tests only",
        PONCTUEL_SESSION_KEY="a key for tests only",
    )
    assert status == 1
    assert said == (
        f"Aucune agence d’exemple n’a été faite dans {tmp_path}."
        if damage is None
        else "L’agence d’exemple est d’une autre version ou abîmée : « make clean » repart de zéro."
    )
