"""Areas as the office keeps them: names told apart, duty numbers that can be rung, which one a call rings."""

import pytest

from homecare.access.areas import (
    AreaCard,
    DutyNumberError,
    add_area,
    change_area,
    find_area_card,
    list_area_cards,
    stand_in,
)
from homecare.access.call_lines import Trunk, add_call_line, register_call_line
from homecare.access.queries import use_reach
from homecare.clients.queries import duty_number
from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.errors import InvalidError, NotFoundError, StaleError
from homecare.kernel.ids import AreaId, CompanyId, OrganisationId
from tests.builders import ACTOR, MORNING, make_area, make_client, make_company, make_user

DUTY, OTHER = "+33549001234", "+33639980012"


@pytest.fixture
def company(conn: db.Conn) -> CompanyId:
    return make_company(conn)


def add(conn: db.Conn, company: CompanyId, name: str = "Nord", number: str | None = DUTY) -> AreaId:
    return add_area(conn, ACTOR, company, name=name, duty_number=number, now=MORNING)


def change(conn: db.Conn, card: AreaCard, *, name: str = "", number: str | None = None) -> None:
    new_name = name or card.name
    change_area(conn, ACTOR, card.id, revision=card.revision, name=new_name, duty_number=number, now=MORNING)


def test_an_area_is_added_renamed_and_given_another_number_and_the_trail_has_it(
    conn: db.Conn, company: CompanyId
) -> None:
    area = add(conn, company, "  Nord ")
    change(conn, find_area_card(conn, area), name="Nord et collines", number=OTHER)
    (card,) = list_area_cards(conn)
    assert (card.name, card.company, card.duty_number) == ("Nord et collines", "Les Aidants", OTHER)
    assert (card.communes, card.is_drawn, card.revision) == ([], False, 2)
    rows = conn.execute(
        "SELECT action, before, after FROM audit_events WHERE subject_id = %s ORDER BY id", (area,)
    ).fetchall()
    assert rows == [
        ("access.add_area", None, {"company": company, "name": "Nord", "duty_number": DUTY}),
        (
            "access.change_area",
            {"name": "Nord", "duty_number": DUTY},
            {"name": "Nord et collines", "duty_number": OTHER},
        ),
    ]


@pytest.mark.parametrize("name", ["", " ", "…", "N" * 81, "Sud"])
def test_what_is_no_name_or_another_areas_is_refused(conn: db.Conn, company: CompanyId, name: str) -> None:
    add(conn, company, "Sud")
    area = add(conn, company)
    with pytest.raises(InvalidError):
        add(conn, company, name)
    if name:
        with pytest.raises(InvalidError):
            change(conn, find_area_card(conn, area), name=name)
    assert [card.name for card in list_area_cards(conn)] == ["Nord", "Sud"]


@pytest.mark.parametrize(
    "number", ["+33899700000", "+33800123456", "+333639", "+33112", "+32470123456", "+88213123456", "0", ""]
)
def test_a_number_that_costs_more_or_is_odd_is_never_a_duty_number(
    conn: db.Conn, company: CompanyId, number: str
) -> None:
    with pytest.raises(DutyNumberError):
        add(conn, company, number=number)
    area = add(conn, company)
    with pytest.raises(DutyNumberError):
        change(conn, find_area_card(conn, area), number=number)
    assert find_area_card(conn, area).duty_number == DUTY


def test_a_number_that_workers_call_is_no_duty_number_nor_the_other_way_round(
    conn: db.Conn, company: CompanyId
) -> None:
    add_call_line(conn, DUTY, label="Télépointage")
    with pytest.raises(DutyNumberError, match="en rond"):
        add(conn, company)
    add(conn, company, number=OTHER)
    actor = ByUser(make_user(conn))
    with pytest.raises(InvalidError, match="astreinte"):
        register_call_line(
            conn, actor, OTHER, label="Secours", trunk=Trunk.SECOND, rings_only=False, now=MORNING
        )


def test_a_number_of_before_that_is_odd_does_not_keep_an_area_from_being_renamed(
    conn: db.Conn, company: CompanyId
) -> None:
    area = add(conn, company)
    conn.execute("UPDATE areas SET duty_number = '+32470123456' WHERE id = %s", (area,))
    change(conn, find_area_card(conn, area), name="Nord-Est", number="+32470123456")
    assert find_area_card(conn, area).name == "Nord-Est"


def test_whoever_saves_what_somebody_else_changed_is_told(conn: db.Conn, company: CompanyId) -> None:
    read = find_area_card(conn, add(conn, company))
    change(conn, read, number=OTHER)
    with pytest.raises(StaleError):
        change(conn, read, name="Nord-Est", number=DUTY)
    stands = find_area_card(conn, read.id)
    assert (stands.name, stands.duty_number) == ("Nord", OTHER)


def test_an_area_out_of_reach_is_neither_read_nor_changed(
    conn: db.Conn, organisation: OrganisationId, company: CompanyId
) -> None:
    card = find_area_card(conn, add(conn, company))
    use_reach(conn, organisation, frozenset({make_area(conn)}))
    assert card not in list_area_cards(conn)
    with pytest.raises(NotFoundError):
        find_area_card(conn, card.id)
    with pytest.raises(NotFoundError):
        change(conn, card, name="Sud")


def test_a_call_rings_the_number_of_its_homes_area_else_the_one_that_the_list_names(
    conn: db.Conn, company: CompanyId
) -> None:
    def rung(*areas: AreaId) -> str | None:
        return duty_number(conn, [make_client(conn, area).home for area in areas])

    without, first, second = (add(conn, company, name, None) for name in ("Sans", "Premier", "Second"))
    assert (rung(without), rung(), stand_in(list_area_cards(conn))) == (None, None, None)
    change(conn, find_area_card(conn, second), number=OTHER)
    change(conn, find_area_card(conn, first), number=DUTY)
    assert (rung(first), rung(second)) == (DUTY, OTHER)
    shown = stand_in(list_area_cards(conn))
    assert shown is not None
    assert rung() == rung(without) == shown.duty_number == DUTY
    change(conn, find_area_card(conn, first), number=None)
    assert rung() == rung(first) == OTHER
