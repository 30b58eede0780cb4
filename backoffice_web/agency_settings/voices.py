"""The voices of the telephone: each phrase heard, replaced by the agency's own recording, given back."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.phrases import list_parts
from backoffice_web.agency_settings.views import agency_settings
from backoffice_web.i18n import _, translate
from backoffice_web.languages import TONGUES
from backoffice_web.layout.formats import figure
from backoffice_web.transaction import conn, now
from backoffice_web.uploads import sent_file, takes_file
from homecare.access.model import Permission
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.punches.own_prompts import (
    count_prompts,
    find_prompt,
    list_prompts,
    replace_prompt,
    restore_standard,
)
from homecare.workers.model import Language
from telephony.speech import Phrase, can_be_recorded

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice

_UNKNOWN = "Le téléphone ne dit pas cette phrase, ou pas dans cette langue."


@agency_settings.get("/voix")
@requires(Permission.CHANGE_SETTINGS)
def voices() -> str:
    """Show what the telephone says in a language, and in whose voice."""
    return _page(_language(request.args.get("langue", Language.FRENCH)))


@agency_settings.get("/voix/<string:language>/<string:phrase>/son")
@requires(Permission.CHANGE_SETTINGS)
def hear_phrase(language: str, phrase: str) -> ResponseReturnValue:
    """Give the sound that callers hear: the agency's own, else the standard voice's."""
    chosen, said = _chosen(language, phrase)
    sound = find_prompt(conn(), chosen, said) or _read_standard(chosen, said)
    return sound, 200, {"Content-Type": "audio/wav", "Cache-Control": "no-store"}


@agency_settings.post("/voix/<string:language>/<string:phrase>")
@requires(Permission.CHANGE_SETTINGS)
@takes_file
def replace_phrase(language: str, phrase: str) -> ResponseReturnValue:
    """Have a phrase said by the recording that was chosen."""
    chosen, said = _chosen(language, phrase)
    try:
        seconds = replace_prompt(conn(), person().actor, chosen, said, sent_file("sound"), now=now())
    except InvalidError as error:
        return _page(chosen, refused=said, why=translate(str(error))), 422
    flash(
        _(
            "Votre enregistrement, %(seconds)s s, est entendu dès les prochains appels.",
            seconds=figure(seconds, 1),
        )
    )
    return redirect(url_for("agency_settings.voices", langue=chosen, _anchor=said), 303)


@agency_settings.post("/voix/<string:language>/<string:phrase>/standard")
@requires(Permission.CHANGE_SETTINGS)
def restore_phrase(language: str, phrase: str) -> ResponseReturnValue:
    """Have a phrase said by the standard voice again."""
    chosen, said = _chosen(language, phrase)
    restore_standard(conn(), person().actor, chosen, said, now=now())
    flash(_("La voix standard dit de nouveau cette phrase."))
    return redirect(url_for("agency_settings.voices", langue=chosen, _anchor=said), 303)


def _page(language: Language, *, refused: str = "", why: str = "") -> str:
    return render_template(
        "agency_settings/voices.html",
        tongues=TONGUES.values(),
        tongue=TONGUES[language],
        parts=list_parts(language, list_prompts(conn(), language)),
        counts=count_prompts(conn()),
        refused=refused,
        why=why,
    )


def _language(asked: str) -> Language:
    try:
        return Language(asked)
    except ValueError:
        raise NotFoundError(_UNKNOWN) from None


def _chosen(language: str, phrase: str) -> tuple[Language, str]:
    """Return what an address names. Raises `NotFoundError` for whatever the telephone does not say."""
    chosen = _language(language)
    try:
        said = Phrase(phrase)
    except ValueError:
        raise NotFoundError(_UNKNOWN) from None
    if not can_be_recorded(said, chosen):
        raise NotFoundError(_UNKNOWN)
    return chosen, said.value


def _read_standard(language: Language, phrase: str) -> bytes:
    folder: Path = cast("BackOffice", current_app).settings.prompts_dir
    try:
        return (folder / language.value / f"{phrase}.wav").read_bytes()
    except FileNotFoundError:
        raise NotFoundError("La voix standard n’a pas encore préparé cette phrase.") from None
