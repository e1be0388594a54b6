"""This file holds that no page asks the database more when there is more to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from partner_assess.db import queries
from partner_assess.domain.partnership import State
from partner_assess.usecases import partners, trail
from partner_assess.usecases.ports import Ports
from tests import factories
from tests.client import NOW, Browser
from tests.factories import DAY
from tests.integration.web.houses import TODAY, demo_house
from tests.integration.web.test_partners import many_partners

SignIn = Callable[[str], Browser]

# What a page may ask at most: who reads, what is shown, and what stands around it.
MOST, MOST_OF_HOME = 40, 75


@pytest.fixture
def count(demo_connection: Connection) -> Callable[[Browser, str], int]:
    """Return how many statements a page takes."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        found: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            found.append(statement)

        event.listen(demo_connection, "before_cursor_execute", note)
        yield found
        event.remove(demo_connection, "before_cursor_execute", note)

    def counter(browser: Browser, path: str) -> int:
        with counted() as found:
            answer = browser.plain("GET", path)
        assert answer.status_code == 200
        return sum(1 for one in found if one.lstrip().upper().startswith(("SELECT", "WITH")))

    return counter


Count = Callable[[Browser, str], int]


@pytest.mark.parametrize("path", ["/partners", "/partners?q=demo&tier=none", "/portfolio", "/"])
def test_a_list_asks_as_much_for_300_partners_as_for_a_few(
    sign_in: SignIn, session: Session, count: Count, path: str
) -> None:
    browser = sign_in("officer@demo.example")
    few = count(browser, path)
    many_partners(session, 45)
    fifty = count(browser, path)
    many_partners_more(session)
    assert (few, fifty) == (count(browser, path), few)
    assert few <= (MOST_OF_HOME if path == "/" else MOST)


def many_partners_more(session: Session) -> None:
    house = demo_house(session)
    for number in range(200):
        partners.register(
            session,
            office_id=house.office.id,
            identity=factories.identity(name=f"Demo: More {number}", acronym=""),
            actor=house.officer,
            now=NOW,
        )
    session.commit()


@pytest.mark.parametrize("place", ["", "/history", "/partnerships", "/assessments", "/plans"])
def test_a_partner_asks_as_much_with_a_long_history_as_with_a_short_one(
    sign_in: SignIn, session: Session, count: Count, place: str
) -> None:
    partner = queries.partners.named(session, "Demo: Harbour Aid Network", agency_code="UNA")
    path = f"/partners/{partner.id}{place}"
    browser = sign_in("officer@demo.example")
    before = count(browser, path)
    house = demo_house(session)
    for number in range(200):
        trail.record(
            session,
            partner,
            "edited",
            agency_id=partner.agency_id,
            partner_id=partner.id,
            by=(house.officer, house.head, house.focal_point)[number % 3].user_id,
            at=NOW,
        )
    for number in range(12):
        factories.make_partnership(session, house, partner, reference=f"A/XD/2026/8{number:02}")
    session.commit()
    assert count(browser, path) == before
    assert before <= MOST


@pytest.mark.parametrize("who", ["officer", "focal", "head", "admin"])
def test_the_home_page_asks_as_much_for_many_duties_as_for_a_few(
    sign_in: SignIn, session: Session, web_ports: Ports, count: Count, who: str
) -> None:
    browser = sign_in(f"{who}@demo.example")
    before = count(browser, "/")
    house = demo_house(session)
    for number in range(12):
        partner = factories.make_partner(session, house, name=f"Demo: Busy {number}")
        if number % 3 == 0:
            factories.make_assessment(session, web_ports, house, partner)
        elif number % 3 == 1:
            factories.make_submitted(session, web_ports, house, partner)
        else:
            # Made active before the result: what the clock has to do stands on the page.
            reference = f"A/XD/2026/7{number:02}"
            factories.make_partnership(
                session, house, partner, reference=reference
            ).state = State.ACTIVE
            factories.make_final(session, web_ports, house, partner, on=TODAY - 400 * DAY)
    session.commit()
    assert count(browser, "/") == before
    assert before <= MOST_OF_HOME
