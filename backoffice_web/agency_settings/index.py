"""Every page of settings, on one page: where the account's menu leads, and where each of them leads back."""

from flask import render_template

from backoffice_web.access import requires
from backoffice_web.agency_settings.views import agency_settings
from backoffice_web.i18n import lazy
from backoffice_web.navigation import Entry, opened
from homecare.access.model import Permission

PAGES = (
    Entry(
        "agency_settings.users",
        "user-plus",
        lazy("Comptes"),
        lazy("Qui se connecte au bureau, avec quel rôle, sur quels secteurs ; nouveaux mots de passe"),
    ),
    Entry(
        "agency_settings.areas",
        "map-2",
        lazy("Secteurs et astreinte"),
        lazy("Les secteurs, et le numéro que les intervenants joignent par 0 ou 9"),
    ),
    Entry(
        "agency_settings.punching",
        "map-pin",
        lazy("Réglages du pointage"),
        lazy("Vérification du lieu, preuve minimale, rappel du domicile, lignes muettes"),
    ),
    Entry(
        "agency_settings.payers",
        "building-bank",
        lazy("Payeurs"),
        lazy("Qui paie les interventions, quelle preuve chacun demande"),
    ),
    Entry(
        "agency_settings.call_lines",
        "phone",
        lazy("Numéros de télépointage"),
        lazy("Les numéros que les intervenants appellent, et s'ils répondent"),
    ),
    Entry(
        "agency_settings.voices",
        "volume",
        lazy("Voix du téléphone"),
        lazy("Ce que les intervenants entendent : chaque phrase, la voix standard ou la vôtre"),
    ),
    Entry(
        "agency_settings.task_codes",
        "list",
        lazy("Tâches au départ"),
        lazy("Ce que le téléphone demande au départ, les codes des tâches"),
    ),
    Entry(
        "agency_settings.tablets",
        "device-tv",
        lazy("Tablettes des accueils de jour"),
        lazy("Les inviter, les révoquer"),
    ),
    Entry(
        "alerts.rules",
        "bell",
        lazy("Seuils des alertes"),
        lazy("Après combien de minutes un retard est signalé, et à qui"),
    ),
)


@agency_settings.get("")
@requires(Permission.CHANGE_SETTINGS, Permission.CHANGE_PAYERS, Permission.MANAGE_USERS)
def index() -> str:
    """Show the pages of settings that the person may open."""
    return render_template("agency_settings/index.html", pages=opened(PAGES))
