"""What the scripts of the phone's pages say: each text once, here, and put into the page in its language.

Names in `%(…)s` are filled in by the scripts. A text that counts has a form for each plural of the language.
"""

from typing import Any

from babel import Locale
from babel.numbers import get_decimal_symbol

from backoffice_web.i18n import _, spoken, translate, translate_number
from backoffice_web.layout.vocabulary import EDGE_WORDS
from backoffice_web.portals.worker.words import DOUBT_WORDS
from homecare.punches.model import Edge

_SAMPLES = (0, 1, 2, 3, 11, 100, 1_000_000)
"""A number for every plural of our languages."""

type Words = dict[str, Any]


def script_words() -> Words:
    """Return the texts by the names that the scripts know."""
    return {
        "decimal": get_decimal_symbol(spoken().locale),
        "duration": translate("%(hours)s h %(minutes)s"),
        "edges": {**{edge.value: str(word) for edge, word in EDGE_WORDS.items()}, "punch": _("Pointage")},
        "answer": _answer(),
        "doubts": {doubt: str(word) for doubt, word in DOUBT_WORDS.items()},
        "refusals": _refusals(),
        "ways": _ways(),
        "places": {
            "inside": _("sur place"),
            "outside": _("ailleurs"),
            "unknown": _("non vérifié"),
        },
        "network": _network(),
        "storage": _storage(),
        "clock": _clock(),
        "camera": _camera(),
        "tag": _tag(),
        "notes": {
            "expense": translate("Frais de %(amount)s €, %(client)s"),
            "mileage": translate("%(km)s km, %(client)s"),
            "comment": translate("Commentaire, %(client)s"),
            "remark": translate("%(kind)s : %(what)s"),
        },
    }


def _answer() -> Words:
    return {
        "stored": {
            Edge.ARRIVAL: _("Arrivée enregistrée"),
            Edge.DEPARTURE: _("Départ enregistré"),
            "punch": _("Pointage enregistré"),
        },
        "refused": {
            Edge.ARRIVAL: _("Arrivée refusée"),
            Edge.DEPARTURE: _("Départ refusé"),
            "punch": _("Pointage refusé"),
        },
        "taken": {
            Edge.ARRIVAL: _("Arrivée gardée à l'agence"),
            Edge.DEPARTURE: _("Départ gardé à l'agence"),
            "punch": _("Pointage gardé à l'agence"),
        },
        "unsent": {
            Edge.ARRIVAL: _("Arrivée gardée ici"),
            Edge.DEPARTURE: _("Départ gardé ici"),
            "punch": _("Pointage gardé ici"),
        },
        "takenNote": _("Elle l'enregistrera d'elle-même, avec cette heure."),
        "unsentNote": _("Hors réseau : l'envoi se fera tout seul, avec cette heure."),
        "plannedEnd": translate("fin prévue à %(time)s"),
    }


def _refusals() -> Words:
    """Return why the agency refuses a punch, by the name that its answer carries."""
    copied = _(
        "Pointage refusé : l'étiquette ne s'est pas prouvée. Touchez celle du domicile avec le téléphone."
    )
    return {
        "tag_unproved": copied,
        "tag_forged": copied,
        "tag_replayed": _("Pointage refusé : ce passage a déjà servi. Touchez de nouveau l'étiquette."),
        "foreign_code": _("Ce code n'est pas celui d'un domicile de votre agence."),
        "code_forged": _("Ce code n'est pas celui d'une tablette de votre agence."),
        "code_expired": _("Ce code a expiré : visez celui que la tablette montre maintenant."),
        "code_reused": _("Vous avez déjà pointé avec ce code : attendez le suivant, dans trente secondes."),
        "forged": _(
            "Ce pointage a été modifié après coup : sa signature ne convient pas. Le bureau le voit."
        ),
        "revoked": _(
            "Ce téléphone a été retiré par l'agence : ce pointage n'est pas enregistré. Appelez-la."
        ),
        "anothers": _("Ce téléphone est inscrit au nom d'une autre personne : elle seule peut l'envoyer."),
        "reused_key": _("Ce numéro de suivi a déjà servi à un autre pointage : rien n'a été changé."),
    }


def _ways() -> dict[str, Words]:
    return {
        "qr": {"word": _("QR"), "proof": _("code du domicile, niveau C")},
        "nfc": {"word": _("NFC"), "proof": _("étiquette NFC, niveau C")},
        "sun": {"word": _("NFC"), "proof": _("étiquette qui se prouve, niveau A")},
        "code": {"word": _("Tablette"), "proof": _("code de tablette, niveau B")},
        "app": {"word": _("Déclaré"), "proof": _("déclaré, niveau D")},
        "site": {"word": _("Autre lieu"), "proof": _("autre lieu, déclaré, niveau D")},
    }


def _network() -> Words:
    return {
        "offline": _("Hors réseau"),
        "toSend": _("À envoyer"),
        "fresh": _("À jour"),
        "seenAt": translate("Vue de %(time)s"),
        "closed": _("Session fermée"),
        "signIn": _("Se connecter"),
        "barred": _("Envoi refusé"),
        "waiting": _("Envoi en attente"),
        "mayPunch": _("Vous pouvez pointer : tout est gardé ici"),
        "otherAccount": _("Un autre compte"),
        "received": _("Reçu par l'agence"),
        "codeRead": _("Code lu"),
        "kept": _plurals("%(num)s pointage gardé ici", "%(num)s pointages gardés ici"),
        "sent": _plurals("%(num)s pointage envoyé", "%(num)s pointages envoyés"),
        "signInToSend": _plurals(
            "Se connecter pour envoyer %(num)s pointage", "Se connecter pour envoyer %(num)s pointages"
        ),
        "atNextSignIn": _plurals(
            "%(num)s pointage attend ici ; l'envoi se fera à votre prochaine connexion.",
            "%(num)s pointages attendent ici ; l'envoi se fera à votre prochaine connexion.",
        ),
        "others": _plurals(
            "%(num)s pointage d'une autre personne attend sa connexion",
            "%(num)s pointages d'une autre personne attendent sa connexion",
        ),
    }


def _storage() -> Words:
    return {
        "mayBeErased": _(
            "Ce navigateur peut effacer ce qui attend si la place manque. Installez l'application : "
            "menu du navigateur, « Ajouter à l'écran d'accueil »."
        ),
        "full": _(
            "La mémoire de ce téléphone est pleine et le réseau manque : le pointage n'est pas enregistré. "
            "Appelez l'agence ou pointez par le téléphone du domicile."
        ),
        "none": _(
            "Ce navigateur ne peut rien garder (navigation privée ?) et le réseau manque : le pointage "
            "n'est pas enregistré. Appelez l'agence ou pointez par le téléphone du domicile."
        ),
    }


def _clock() -> Words:
    return {
        "ahead": translate(
            "L'heure de ce téléphone avance de %(minutes)s min : réglez-la, vos pointages la prennent."
        ),
        "slow": translate(
            "L'heure de ce téléphone retarde de %(minutes)s min : réglez-la, vos pointages la prennent."
        ),
        "dayOver": _("Cette journée est passée : celle d'aujourd'hui s'affichera au retour du réseau."),
    }


def _camera() -> Words:
    return {
        "NotAllowedError": _(
            "L'appareil photo est refusé à cette page. Autorisez-le dans les réglages du navigateur, "
            "ou pointez sans badge."
        ),
        "NotFoundError": _("Ce téléphone n'a pas d'appareil photo utilisable. Pointez sans badge."),
        "silent": _(
            "L'appareil photo ne répond pas : une autre application s'en sert peut-être. Réessayez, "
            "ou pointez sans badge."
        ),
        "foreign": _("Ce code n'est pas celui d'un domicile. Visez celui de l'étiquette Ponctuel."),
    }


def _tag() -> Words:
    return {
        "NotAllowedError": _(
            "Le lecteur NFC est refusé à cette page. Autorisez-le dans les réglages, ou pointez sans badge."
        ),
        "NotSupportedError": _(
            "Le NFC de ce téléphone est coupé : activez-le dans ses réglages, ou pointez sans badge."
        ),
        "byThePhone": _(
            "Approchez le haut du téléphone de l'étiquette : la page de pointage s'ouvre toute seule."
        ),
        "foreign": _("Cette étiquette n'est pas celle d'un domicile."),
        "misread": _("Étiquette mal lue : recommencez, sans bouger."),
        "approach": _("Approchez le téléphone de l'étiquette."),
    }


def _plurals(one: str, several: str) -> Words:
    plural = Locale.parse(spoken().locale).plural_form
    return {plural(number): translate_number(one, several, number) for number in _SAMPLES}
