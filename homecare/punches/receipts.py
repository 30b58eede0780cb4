"""A worker's own punches of every channel, each with its receipt: what the ledger says, to keep and to check.

The short proof is the link's number in its core's chain and the first figures of that link's hash. Whoever
changed the punch, or one before it, would have changed them (`punches.ledger`).
"""

import re
from dataclasses import dataclass
from datetime import datetime

from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import PunchId, WorkerId

PROOF_FIGURES = 12
"""Of a SHA-256's 64: 48 bits, enough that nobody finds another link with the same ones by chance."""
_LINK = re.compile(r"(?P<core>[^/\0]{1,60})/(?P<number>[0-9]{1,18})")
_PROOF = re.compile(rf"[0-9a-f]{{{PROOF_FIGURES},64}}")


@dataclass(frozen=True, slots=True)
class OwnPunch:
    """A punch of the worker with what was made of it, its place in the ledger, and its dispute if any.

    `key` is the number that the worker's telephone gave it, None for other channels. `site` names the agreed
    place other than the home at which it was made.
    """

    id: PunchId
    punched_at: datetime
    channel: str
    proof: str
    edge: str | None
    doubt: str | None
    client: str | None
    site: str | None
    place_check: str | None
    key: str | None
    core_instance: str
    chain_number: int
    chain_hash: bytes
    disputed_at: datetime | None
    dispute_reason: str | None
    answer: str | None
    answered_at: datetime | None

    @property
    def link(self) -> str:
        """The number of its link in the ledger: `core-1/1234`."""
        return f"{self.core_instance}/{self.chain_number}"

    @property
    def short_proof(self) -> str:
        """The first figures of its link's hash."""
        return bytes(self.chain_hash).hex()[:PROOF_FIGURES]


def list_own_punches(conn: db.Conn, worker: WorkerId, *, since: datetime, until: datetime) -> list[OwnPunch]:
    """Return the worker's punches made within [since, until), the latest first."""
    return db.many(
        conn,
        OwnPunch,
        """SELECT m.punch_id AS id, m.punched_at, m.channel, p.proof, m.edge, m.doubt,
                  upper(c.last_name) || ' ' || c.first_name
                      || coalesce(', ' || other_client(m.punch_id), '') AS client, site.name AS site,
                  CASE WHEN p.claim -> 'who' ->> 0 = 'worker' THEN p.claim ->> 'place_check' END
                      AS place_check,
                  CASE WHEN p.claim -> 'who' ->> 0 = 'worker' THEN split_part(p.source_ref, '/', 2) END
                      AS key,
                  p.core_instance, p.chain_number, p.chain_hash,
                  d.at AS disputed_at, d.reason AS dispute_reason, d.answer, d.answered_at
           FROM punch_matches m
           JOIN punches p ON p.id = m.punch_id AND p.punched_at = m.punched_at
           LEFT JOIN homes h ON h.id = m.home_id LEFT JOIN clients c ON c.id = h.client_id
           LEFT JOIN sites site ON site.id = claimed_site(p.claim)
           LEFT JOIN LATERAL (
               SELECT at, reason, answer, answered_at FROM disputes
               WHERE punch_id = m.punch_id ORDER BY id DESC LIMIT 1
           ) d ON true
           WHERE m.worker_id = %(worker)s AND m.punched_at >= %(since)s AND m.punched_at < %(until)s
             AND p.punched_at >= %(since)s AND p.punched_at < %(until)s
           ORDER BY m.punched_at DESC, m.punch_id DESC""",
        {"worker": worker, "since": since, "until": until},
    )


def check_receipt(conn: db.Conn, worker: WorkerId, link: str, proof: str) -> datetime | None:
    """Return when the worker's punch of this receipt was made, None when the ledger has none such of theirs.

    `link` is `core-1/1234`, `proof` the first figures of the hash. Raises `InvalidError` for no receipt.
    """
    named, figures = _LINK.fullmatch(link.strip()), proof.strip().lower()
    if named is None or not _PROOF.fullmatch(figures):
        raise InvalidError(
            "Un reçu a un numéro comme « core-1/1234 » et une empreinte d’au moins 12 signes (0 à 9, a à f)."
        )
    return db.value(
        conn,
        datetime,
        """SELECT p.punched_at FROM punches p
           JOIN punch_matches m ON m.punch_id = p.id AND m.worker_id = %s
           WHERE p.core_instance = %s AND p.chain_number = %s
             AND starts_with(encode(p.chain_hash, 'hex'), %s)""",
        (worker, named["core"], int(named["number"]), figures),
    )
