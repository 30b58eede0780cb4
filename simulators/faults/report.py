"""What became of the run, for people and as an exit status."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from simulators.faults.checking import Verdict
from simulators.faults.kinds import Figures

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Report:
    """One run. `survived` counts faults that had their effect; `without_effect` those that met nothing."""

    seed: int
    seconds: float
    survived: Mapping[str, int]
    without_effect: Mapping[str, int]
    broken: list[str]
    figures: Figures
    sent: int
    verdict: Verdict

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled, made up, altered or forged, and everything came back."""
        return self.verdict.is_clean and not self.broken

    def as_text(self) -> str:
        """Return it as lines to read."""
        verdict = self.verdict
        lines = [f"seed {self.seed}, {self.seconds:.0f} s, {sum(self.survived.values())} faults survived"]
        for kind in sorted({*self.survived, *self.without_effect}):
            idle = self.without_effect.get(kind, 0)
            note = f" (and {idle} that met nothing)" if idle else ""
            lines.append(f"  {kind:<28} {self.survived.get(kind, 0):>5}{note}")
        lines += self._figures()
        lines.append(
            f"{self.sent} punches sent, {verdict.acknowledged} acknowledged, {verdict.stored} stored"
        )
        for what, found in (
            ("lost", verdict.lost),
            ("duplicated", verdict.duplicated),
            ("phantom", verdict.phantom),
            ("altered", verdict.altered),
            ("forged accepted", verdict.forged),
            ("refused though honest", verdict.refused),
            ("conflicts", verdict.conflicts),
            ("still waiting", verdict.waiting),
            ("not back", self.broken),
        ):
            lines.append(f"{len(found)} {what}")
            lines += [f"    {one}" for one in found[:_SHOWN]]
        return "\n".join(lines)

    def _figures(self) -> list[str]:
        lines, first = [], self.figures.first_acknowledgement
        if first:
            lines.append(
                f"first acknowledgement after the database is back: median {median(first):.2f} s,"
                f" longest {max(first):.2f} s, {len(first)} times"
            )
        drains = self.figures.drains
        if drains:
            arrival = self.sent / self.seconds
            rate = sum(drain.claims for drain in drains) / sum(drain.seconds for drain in drains)
            lines.append(
                f"spools drained at {rate:.0f}/s, punches arrived at {arrival:.0f}/s:"
                f" {rate / arrival:.1f} times as fast"
            )
        return lines
