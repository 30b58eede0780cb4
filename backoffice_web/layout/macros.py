"""Gives the templates the vocabulary and the formats; the macros themselves are in `ui.html`."""

from typing import TYPE_CHECKING

from jinja2 import StrictUndefined

from backoffice_web.layout import asking, formats, vocabulary

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice


def install(app: "BackOffice") -> None:
    """Install filters and words; an undefined name in a template is an error, not a blank."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(
        Status=vocabulary.Status,
        status_words=vocabulary.STATUS_WORDS,
        legend=vocabulary.LEGEND,
        proof_words=vocabulary.PROOF_WORDS,
        channel_words=vocabulary.CHANNEL_WORDS,
        edge_words=vocabulary.EDGE_WORDS,
        place_words=vocabulary.PLACE_WORDS,
        outside_words=vocabulary.OUTSIDE_WORDS,
        dispute_words=vocabulary.DISPUTE_WORDS,
        outing_words=vocabulary.OUTING_WORDS,
        role_words=vocabulary.ROLE_WORDS,
        outcome_words=vocabulary.LINE_WORDS,
        refusal_words=vocabulary.REFUSAL_WORDS,
        payer_words=vocabulary.PAYER_WORDS,
        asked_by=asking.asked_by,
    )
