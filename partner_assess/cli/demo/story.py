"""This file holds the demo's partners: one for every state there is, relative to today."""

from __future__ import annotations

from partner_assess.cli.demo.teller import Teller
from partner_assess.cli.demo.working import worked
from partner_assess.domain.partner import PartnerType, Scope
from partner_assess.usecases import partners

NGO, CSO, COMMUNITY = PartnerType.NGO, PartnerType.CSO, PartnerType.COMMUNITY


def office_1(tell: Teller) -> None:
    """Tell what happened in country office 1."""
    _before_a_result(tell)
    _high_and_waiting(tell)
    _high_and_running(tell)
    _past_the_date(tell)
    _moderate_and_low(tell)
    _without_an_assessment(tell)


def _before_a_result(tell: Teller) -> None:
    """A draft after an expired result, an untouched draft, one submitted, one returned."""
    riverbend = tell.partner("Demo: Riverbend Women’s Association", COMMUNITY, days_ago=1900)
    closed = tell.final(riverbend, "APPAAA", days_ago=1872)
    worked(tell, closed, verified=99, done=0, days_ago=1800)
    tell.draft(riverbend, "PAP-A", days_ago=9)

    hilltop = tell.partner("Demo: Hilltop Legal Aid", NGO, days_ago=20)
    tell.draft(hilltop, "", days_ago=19)

    seaside = tell.partner("Demo: Seaside Shelter Group", CSO, days_ago=30)
    tell.submitted(seaside, "FPPPAP", days_ago=2)

    open_doors = tell.partner("Demo: Open Doors Learning Centre", CSO, days_ago=40)
    tell.returned(open_doors, "FFPPPF", days_ago=3)


def _high_and_waiting(tell: Teller) -> None:
    """A High result whose partnership waits for the head of office; the last was Moderate."""
    lantern = tell.partner(
        "Demo: Lantern Community Trust", NGO, days_ago=1500, unpp_id="DEMO-UNPP-0131"
    )
    tell.final(lantern, "APAPPP", days_ago=1480)
    tell.final(lantern, "PAPAAA", days_ago=6)
    safe_spaces = tell.partnership(
        lantern, "A/XD/2026/031", "Safe spaces for children", days_ago=5, usd=412_000, days=540
    )
    tell.asked(safe_spaces, days_ago=4)


def _high_and_running(tell: Teller) -> None:
    """Plans at risk and a week from the date; the clock will suspend one partnership of two."""
    harbour = tell.partner(
        "Demo: Harbour Aid Network", NGO, days_ago=800, vendor_number="DEMO-2500102"
    )
    final = tell.final(harbour, "PAPAAA", days_ago=322)
    water = tell.partnership(
        harbour,
        "A/XD/2025/017",
        "Clean water in three river districts",
        days_ago=318,
        usd=286_400,
        days=550,
    )
    cholera = tell.partnership(
        harbour,
        "A/XD/2026/004",
        "Cholera response, river mouth",
        days_ago=310,
        usd=94_150,
        days=450,
    )
    for partnership_id, days_ago in ((water, 307), (cholera, 293)):
        tell.approved(partnership_id, days_ago=days_ago)
        tell.active(partnership_id, days_ago=days_ago - 5)
    tell.lives_at_risk(cholera, days_ago=280)
    worked(tell, final, verified=3, done=3, days_ago=294)

    sunrise = tell.partner("Demo: Sunrise Seed Bank", COMMUNITY, days_ago=500)
    final = tell.final(sunrise, "AAPAPA", days_ago=358)
    seeds = tell.partnership(
        sunrise, "A/XD/2025/022", "Seeds before the rains", days_ago=356, usd=61_000, days=700
    )
    tell.approved(seeds, days_ago=350)
    tell.active(seeds, days_ago=349)
    worked(tell, final, verified=12, done=3, days_ago=340)

    # Nobody asked for an approval yet, although the partnership runs: approval due.
    bridge = tell.partner("Demo: Market Bridge Cooperative", CSO, days_ago=700)
    tell.final(bridge, "FFFPFF", days_ago=600)
    stalls = tell.partnership(
        bridge, "A/XD/2025/009", "Market stalls for returnees", days_ago=590, usd=38_500, days=800
    )
    tell.active(stalls, days_ago=580)
    tell.final(bridge, "PAAAAP", days_ago=12)


def _past_the_date(tell: Teller) -> None:
    """Past the 12-month date: suspended, decision due, going on under an exception."""
    old_bridge = tell.partner("Demo: Old Bridge Relief", NGO, days_ago=800)
    final = tell.final(old_bridge, "AAAPAA", days_ago=400)
    shelter = tell.partnership(
        old_bridge, "A/XD/2025/011", "Shelter repair", days_ago=398, usd=150_000, days=720
    )
    tell.approved(shelter, days_ago=390)
    tell.active(shelter, days_ago=388)
    worked(tell, final, verified=2, done=1, days_ago=380)
    tell.clock(final)

    delta = tell.partner("Demo: Delta Food Committee", COMMUNITY, days_ago=800)
    final = tell.final(delta, "AAPAAA", days_ago=374)
    food = tell.partnership(
        delta, "A/XD/2025/013", "Food for the delta camps", days_ago=372, usd=510_000, days=720
    )
    tell.approved(food, days_ago=368)
    tell.active(food, days_ago=366)
    tell.lives_at_risk(food, days_ago=300)
    worked(tell, final, verified=4, done=0, days_ago=360)
    tell.clock(final)

    mountain = tell.partner("Demo: Mountain Road Medical", NGO, days_ago=900)
    final = tell.final(mountain, "APAAAA", days_ago=385)
    clinic = tell.partnership(
        mountain, "A/XD/2025/012", "Mobile clinic", days_ago=383, usd=230_000, days=720
    )
    tell.approved(clinic, days_ago=379)
    tell.active(clinic, days_ago=377)
    worked(tell, final, verified=5, done=1, days_ago=370)
    tell.excepted(clinic, days_ago=30, ends_in=60)
    tell.clock(final)


def _moderate_and_low(tell: Teller) -> None:
    """Moderate: a plan on track, one overdue. Low: one about to expire, one with a gap."""
    clearwater = tell.partner(
        "Demo: Clearwater Health Initiative",
        NGO,
        days_ago=400,
        unpp_id="DEMO-UNPP-0207",
        scope=Scope.INTERNATIONAL,
    )
    final = tell.final(clearwater, "FPPPFP", days_ago=120)
    worked(tell, final, verified=2, done=1, days_ago=100)
    health = tell.partnership(
        clearwater,
        "A/XD/2026/019",
        "Primary health in two towns",
        days_ago=90,
        usd=320_000,
        days=400,
    )
    tell.active(health, days_ago=80)

    school = tell.partner("Demo: Evening School Collective", CSO, days_ago=600)
    final = tell.final(school, "FPPPFP", days_ago=380)
    worked(tell, final, verified=1, done=0, days_ago=360)

    valley = tell.partner("Demo: Green Valley Youth Union", CSO, days_ago=1800)
    tell.final(valley, "FFFFFF", days_ago=1758)
    sport = tell.partnership(
        valley, "A/XD/2024/002", "Sport and skills", days_ago=700, usd=9_150, days=1000
    )
    tell.active(sport, days_ago=690)

    # Five adequate and one absent: Low in the sum, and a hole in it.
    river = tell.partner("Demo: جمعية النهر للتنمية", CSO, days_ago=200, acronym="NAHR")
    tell.final(river, "FFFFFA", days_ago=60)


def _without_an_assessment(tell: Teller) -> None:
    """An emergency, a waiver, a partner that nobody assessed, and one whose result has expired."""
    storm = tell.partner("Demo: Stormwind Rapid Response", NGO, days_ago=25)
    partners.record_emergency(
        tell.session,
        tell.ports,
        partner_id=storm,
        reason="Sudden flood; no time to assess before the first deliveries.",
        policy_name="default",
        actor=tell.head,
        now=tell.at(tell.day(24)),
        today=tell.day(24),
    )
    paper = tell.partner(
        "Demo: Print and Paper Cooperative",
        PartnerType.OTHER,
        days_ago=90,
        meets_beneficiaries=False,
    )
    partners.waive(
        tell.session,
        partner_id=paper,
        reason="Prints posters only; its people never meet beneficiaries.",
        actor=tell.focal,
        now=tell.at(tell.day(88)),
        today=tell.day(88),
    )
    tell.partner("Demo: Newcomers’ Association", COMMUNITY, days_ago=8)

    orchard = tell.partner("Demo: Orchard Farmers’ League", COMMUNITY, days_ago=2000)
    tell.final(orchard, "FFPFFF", days_ago=1860)
    trees = tell.partnership(
        orchard, "A/XD/2023/005", "Fruit trees for schools", days_ago=400, usd=22_000, days=800
    )
    tell.active(trees, days_ago=390)


def office_2(tell: Teller) -> None:
    """Tell what happened in country office 2: little, so that offices differ."""
    plains = tell.partner("Demo: Plains Water Committee", COMMUNITY, days_ago=300, country="XE")
    tell.final(plains, "FFFPFF", days_ago=200)
    desert = tell.partner("Demo: Desert Road Nurses", NGO, days_ago=100, country="XE")
    tell.draft(desert, "FF", days_ago=15)


def agency_b(tell: Teller) -> None:
    """Tell what happened in agency B: it knows one of the same organizations, not assessed."""
    tell.partner(
        "Demo: Clearwater Health Initiative",
        NGO,
        days_ago=50,
        unpp_id="DEMO-UNPP-0207",
        scope=Scope.INTERNATIONAL,
    )
    tell.partner("Demo: Lighthouse Reading Rooms", CSO, days_ago=30)
