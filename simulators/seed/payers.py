"""Draws who pays for whom. Pure.

The département asks for a registered line, and pays where a box or a reader stands and for a few others: so
nearly all of its punches prove enough, and the board shows some that do not.
"""

from collections.abc import Sequence
from random import Random

from homecare.payers.model import PayerKind
from homecare.punches.model import Proof
from simulators.seed.sketch import ClientSketch, PayerSketch

_FEW, _PENSIONERS, _INSURED = 4, 24, 12


def draw_payers(random: Random, clients: Sequence[ClientSketch]) -> tuple[PayerSketch, ...]:
    """Return the payers; one client may have several."""
    ranks = range(len(clients))
    equipped = [rank for rank in ranks if clients[rank].device is not None]
    with_line = [rank for rank in ranks if clients[rank].line is not None and rank not in equipped]
    return (
        PayerSketch(
            PayerKind.DEPARTMENT,
            "Département de Valmorande",
            Proof.B,
            (*equipped, *random.sample(with_line, _FEW)),
        ),
        PayerSketch(
            PayerKind.PENSION_FUND,
            "Caisse de retraite du Val",
            Proof.C,
            tuple(random.sample(with_line, _PENSIONERS)),
        ),
        PayerSketch(PayerKind.INSURER, "Mutuelle des Fontaines", None, tuple(random.sample(ranks, _INSURED))),
    )
