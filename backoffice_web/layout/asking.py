"""Who asks for a minimum of proof, in words that follow « minimum »."""

from typing import Protocol

from babel.lists import format_list

from backoffice_web.i18n import _


class AskedFor(Protocol):
    """A minimum's askers, as `punches.proof_minimum.Asked` has them."""

    @property
    def asker(self) -> str | None:
        """Tell `agency` or `client`; None when payers alone are that strict."""

    @property
    def payers(self) -> list[str]:
        """List the names of the payers that are that strict."""


def asked_by(asked: AskedFor) -> str:
    """Return `demandé par l'agence et « Département de la Combe »`; empty when nobody asks."""
    names = [_("« %(name)s »", name=name) for name in asked.payers]
    if asked.asker == "agency":
        names.insert(0, _("l'agence"))
    listed = format_list(names, locale="fr")
    if asked.asker != "client":
        return _("demandé par %(names)s", names=listed) if names else ""
    if not names:
        return _("demandé pour ce bénéficiaire")
    return _("demandé pour ce bénéficiaire et par %(names)s", names=listed)
