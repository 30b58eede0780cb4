"""A worker's telephones: enrolled with their key, invited by a link that serves once, withdrawn."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.access.queries import find_session
from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import OrganisationId, WorkerId
from homecare.punches.signing import read_bytes
from homecare.workers.phones import (
    INVITATION_LENGTH,
    INVITED_SESSION,
    NewPhone,
    RevokedPhoneError,
    accept_invitation,
    enrol_phone,
    invite,
    list_phones_of,
    read_invitation,
    revoke_phone,
)
from simulators.phone_app.signer import Signer
from tests.builders import MORNING, make_area, make_user, make_worker
from tests.database import Database


def sent_by(signer: Signer, worker: WorkerId) -> NewPhone:
    """Return what a telephone sends to be enrolled."""
    sent = signer.enrolment(worker)
    return NewPhone(read_bytes(sent["public_key"]), read_bytes(sent["proof"]), "iPhone")


class Staff:
    """A worker with an account, a colleague, and the manager who invites."""

    def __init__(self, conn: db.Conn, organisation: OrganisationId) -> None:
        self.user = make_user(conn, role=Role.WORKER)
        self.worker = make_worker(conn, organisation, make_area(conn), user=self.user).id
        self.colleague = make_worker(conn, organisation, make_area(conn)).id
        self.manager = ByUser(make_user(conn, role=Role.MANAGER))


@pytest.fixture
def staff(conn: db.Conn, organisation: OrganisationId) -> Staff:
    return Staff(conn, organisation)


def enrol(conn: db.Conn, staff: Staff, signer: Signer) -> str:
    return enrol_phone(conn, ByUser(staff.user), staff.worker, sent_by(signer, staff.worker), now=MORNING)


def test_a_telephone_is_enrolled_once_under_the_hash_of_its_key(conn: db.Conn, staff: Staff) -> None:
    signer = Signer()
    assert enrol(conn, staff, signer) == enrol(conn, staff, signer) == signer.phone
    (phone,) = list_phones_of(conn, staff.worker)
    assert (phone.id, phone.label, phone.invited, phone.revoked_at) == (signer.phone, "iPhone", False, None)


def test_a_telephone_of_somebody_else_or_without_its_key_is_refused(conn: db.Conn, staff: Staff) -> None:
    signer = Signer()
    enrol(conn, staff, signer)
    actor = ByUser(staff.user)
    with pytest.raises(InvalidError, match="autre personne"):
        enrol_phone(conn, actor, staff.colleague, sent_by(signer, staff.colleague), now=MORNING)
    key = sent_by(Signer(), staff.worker)
    for proof in (sent_by(Signer(), staff.worker).proof, sent_by(signer, staff.colleague).proof, b""):
        with pytest.raises(InvalidError, match="prouvé"):
            enrol_phone(conn, actor, staff.worker, NewPhone(key.public_key, proof, "x"), now=MORNING)
    with pytest.raises(InvalidError, match="clé"):
        enrol_phone(conn, actor, staff.worker, NewPhone(b"no key", key.proof, "x"), now=MORNING)


def test_a_withdrawn_telephone_is_never_enrolled_again_and_its_sessions_are_over(
    conn: db.Conn, staff: Staff
) -> None:
    signer = Signer()
    enrol(conn, staff, signer)
    session = open_session(conn, staff.user, now=MORNING)
    revoke_phone(conn, staff.manager, staff.worker, signer.phone, now=MORNING)
    assert find_session(conn, session, now=MORNING) is None
    with pytest.raises(RevokedPhoneError):
        enrol(conn, staff, signer)
    with pytest.raises(NotFoundError):
        revoke_phone(conn, staff.manager, staff.worker, signer.phone, now=MORNING)
    with pytest.raises(NotFoundError):
        revoke_phone(conn, staff.manager, staff.colleague, signer.phone, now=MORNING)


def test_an_invitation_enrols_one_telephone_signs_its_worker_in_and_is_refused_the_second_time(
    conn: db.Conn, staff: Staff
) -> None:
    token = invite(conn, staff.manager, staff.worker, now=MORNING)
    assert read_invitation(conn, token, now=MORNING).worker_id == staff.worker
    session = accept_invitation(conn, token, sent_by(Signer(), staff.worker), now=MORNING)
    person = find_session(conn, session, now=MORNING)
    assert person is not None
    assert person.worker == staff.worker
    assert [phone.invited for phone in list_phones_of(conn, staff.worker)] == [True]
    assert find_session(conn, session, now=MORNING + INVITED_SESSION - timedelta(minutes=1)) is not None
    assert find_session(conn, session, now=MORNING + INVITED_SESSION) is None
    for again in (
        lambda: read_invitation(conn, token, now=MORNING),
        lambda: accept_invitation(conn, token, sent_by(Signer(), staff.worker), now=MORNING),
    ):
        with pytest.raises(InvalidError, match="a déjà servi"):
            again()
    assert len(list_phones_of(conn, staff.worker)) == 1


def test_a_worker_hired_without_an_account_gets_one_with_the_invitation(conn: db.Conn, staff: Staff) -> None:
    token = invite(conn, staff.manager, staff.colleague, now=MORNING)
    invite(conn, staff.manager, staff.worker, now=MORNING)
    session = accept_invitation(conn, token, sent_by(Signer(), staff.colleague), now=MORNING)
    person = find_session(conn, session, now=MORNING)
    assert person is not None
    assert person.worker == staff.colleague
    found = conn.execute("SELECT user_id FROM workers WHERE id = %s", (staff.colleague,)).fetchone()
    invite(conn, staff.manager, staff.colleague, now=MORNING)  # a second telephone, the same account
    assert conn.execute("SELECT user_id FROM workers WHERE id = %s", (staff.colleague,)).fetchone() == found


def test_an_invitation_ends_by_itself_by_a_newer_one_and_with_the_account(
    conn: db.Conn, staff: Staff
) -> None:
    first = invite(conn, staff.manager, staff.worker, now=MORNING)
    second = invite(conn, staff.manager, staff.worker, now=MORNING + timedelta(hours=1))
    refused(lambda: read_invitation(conn, first, now=MORNING + timedelta(hours=1)), "n’est plus valable")
    over = MORNING + timedelta(hours=1) + INVITATION_LENGTH
    refused(lambda: read_invitation(conn, second, now=over), "n’est plus valable")
    conn.execute("UPDATE users SET disabled_at = %s WHERE id = %s", (MORNING, staff.user))
    refused(lambda: read_invitation(conn, second, now=MORNING + timedelta(hours=1)), "n’est plus valable")
    refused(lambda: read_invitation(conn, "never made", now=MORNING), "n’existe pas")
    refused(lambda: invite(conn, staff.manager, staff.worker, now=MORNING), "pas de compte")


def test_an_invitation_serves_its_own_organisation_whoever_opens_it(database: Database) -> None:
    home, abroad = database.create_organisation(), database.create_organisation("Autre réseau")
    with database.connect(home) as conn:
        staff = Staff(conn, home)
        token = invite(conn, staff.manager, staff.worker, now=MORNING)
    with database.connect(abroad) as conn:
        accept_invitation(conn, token, sent_by(Signer(), staff.worker), now=MORNING)
    with database.connect(home) as conn:
        assert len(list_phones_of(conn, staff.worker)) == 1
    with database.connect(abroad) as conn:
        assert list_phones_of(conn, staff.worker) == []


def refused(act: Callable[[], object], words: str) -> None:
    with pytest.raises(InvalidError, match=words):
        act()
