"""What the agency offers: skills, kinds of visit with their tasks, and what a worker may have to avoid."""

from dataclasses import dataclass
from enum import StrEnum


class Skill(StrEnum):
    """Skills, as the agency writes them."""

    PERSONAL_CARE = "Aide à la toilette"
    HOIST = "Transfert au lève-personne"
    MEMORY = "Troubles de la mémoire"
    CHILDREN = "Garde d’enfants de moins de trois ans"
    DRIVING = "Conduite accompagnée"


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of visit. `skills` maps a skill to its least level and whether it is mandatory."""

    tasks: tuple[str, ...]
    skills: dict[Skill, tuple[int, bool]]


WASHING, HOIST_WASHING, BEDTIME = "Aide à la toilette", "Toilette et transfert", "Aide au coucher"
MEAL, HOUSEWORK, SHOPPING = "Préparation du repas", "Ménage", "Courses"
CHILDREN, MEMORY, OUTING = "Garde d’enfants", "Accompagnement mémoire", "Sortie accompagnée"

OFFERS: dict[str, Offer] = {
    WASHING: Offer(("Toilette", "Habillage", "Petit-déjeuner"), {Skill.PERSONAL_CARE: (1, True)}),
    HOIST_WASHING: Offer(
        ("Toilette", "Transfert", "Réfection du lit"),
        {Skill.PERSONAL_CARE: (2, True), Skill.HOIST: (1, True)},
    ),
    BEDTIME: Offer(("Toilette du soir", "Mise au lit"), {Skill.PERSONAL_CARE: (1, True)}),
    MEAL: Offer(("Repas", "Vaisselle"), {}),
    HOUSEWORK: Offer(("Sols", "Sanitaires", "Linge"), {}),
    SHOPPING: Offer(("Courses", "Rangement"), {}),
    CHILDREN: Offer(("Goûter", "Devoirs ou jeux"), {Skill.CHILDREN: (1, True)}),
    MEMORY: Offer(("Stimulation", "Promenade"), {Skill.MEMORY: (1, True)}),
    OUTING: Offer(("Trajet", "Accompagnement"), {Skill.DRIVING: (1, True)}),
}

TRAITS = ("chien", "chat", "tabac")
