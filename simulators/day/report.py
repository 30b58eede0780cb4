"""What a played day came to: as JSON, and as a few lines for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from simulators.day.reckoning import AlertCount, ChannelCount

_TIMED_FROM = {
    "phone": "last key pressed",
    "nfc": "request sent, or badge read by the gateway's reader",
    "qr": "request sent",
    "app": "request sent",
    "box": "published",
}
_HEADS = (
    *("envoyés", "confirmés", "en base", "rattachés", "sans", "ailleurs"),
    *("doublons", "perdus", "non dits"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """The whole result. `board_ms`: delays in milliseconds; `unseen`: punches the board was never told of."""

    settings: Mapping[str, object]
    visits: int
    channels: Mapping[str, ChannelCount]
    alerts: AlertCount
    board_ms: Sequence[float]
    unseen: int
    failures: Sequence[str]
    latest_gesture_ms: float

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost nor doubled, and every alert was right."""
        counts = self.channels.values()
        return (
            not self.failures
            and not any(count.lost or count.duplicates for count in counts)
            and not self.alerts.missed
            and not self.alerts.spurious
        )

    def as_json(self) -> dict[str, object]:
        """Return plain JSON values."""
        return {
            **self.settings,
            "good": self.is_good,
            "visits": self.visits,
            "channels": {name: asdict(count) for name, count in self.channels.items()},
            "alerts": asdict(self.alerts),
            "board_ms": {
                **{f"p{share}": percentile(self.board_ms, share) for share in (50, 95, 99)},
                "count": len(self.board_ms),
                "unseen": self.unseen,
                "to": "server-sent event received",
                "from": _TIMED_FROM,
            },
            "failures": list(self.failures),
            "latest_gesture_ms": round(self.latest_gesture_ms),
        }

    def as_text(self) -> str:
        """Return a table and three sentences, in French."""
        lines = [f"{'':8}" + "".join(f"{head:>11}" for head in _HEADS)]
        for name, count in self.channels.items():
            lines.append(f"{name:8}" + "".join(f"{value:>11}" for value in asdict(count).values()))
        alerts = self.alerts
        delays = ", ".join(f"p{share} {percentile(self.board_ms, share)} ms" for share in (50, 95, 99))
        delays = delays if self.board_ms else "rien à mesurer"
        lines += [
            "Alertes : "
            + ", ".join(
                (
                    f"{alerts.injected} attendues",
                    f"{alerts.raised} levées",
                    f"{alerts.missed} manquées",
                    f"{alerts.spurious} en trop",
                    f"{alerts.late_by_call_length} dues à la durée d’un appel",
                    f"{alerts.during_cut} non jugées pendant une coupure",
                )
            ),
            f"Tableau : {delays} sur {len(self.board_ms)} pointages ; {self.unseen} jamais annoncés.",
            *(f"Échec : {failure}" for failure in self.failures),
            self._verdict,
        ]
        return "\n".join(lines)

    @property
    def _verdict(self) -> str:
        if self.is_good and not any(count.sent for count in self.channels.values()):
            return "Aucun pointage n’a été joué."
        if self.is_good:
            return "Tout est juste."
        lost = sum(count.lost for count in self.channels.values())
        untold = sum(count.untold for count in self.channels.values())
        if lost and lost == untold:
            return (
                f"Quelque chose manque : {lost} pointages n’ont pas abouti, et n’avaient pas été confirmés"
                " à qui les faisait (une machine surchargée perd des touches). Rien de confirmé n’est perdu."
            )
        return "Quelque chose manque."


def percentile(values: Sequence[float], share: int) -> float | None:
    """Return the value that `share` percent do not exceed (nearest rank), None when there is none."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[max(0, -(-len(ordered) * share // 100) - 1)], 1)
