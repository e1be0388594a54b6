"""This file holds what the demo's assessors wrote: about systems only, and nobody's story."""

from __future__ import annotations

_COMMENTS = {
    "policy": {
        "adequate": "Adopted policy, in force for staff, volunteers and daily workers; displayed"
        " in the office and at two project sites.",
        "progressing": "Adopted policy; it leaves out volunteers and daily workers, and says"
        " little about what follows a breach.",
        "absent": "No written policy. A page on good conduct exists, without a word on sexual"
        " exploitation and abuse.",
    },
    "management_hr": {
        "adequate": "Clause in all current templates. References and a self-declaration ask about"
        " past misconduct for every post.",
        "progressing": "Clause in staff contracts only. References are taken, and do not ask"
        " about the past.",
        "absent": "No clause in contracts, no vetting on record.",
    },
    "training": {
        "adequate": "Mandatory for everybody, three topics covered, yearly refresher; totals by"
        " category seen.",
        "progressing": "One session with all three topics; about half of the personnel took part,"
        " no volunteers, no refresher planned.",
        "absent": "No training held so far. The organization asks for a trainer.",
    },
    "reporting": {
        "adequate": "Two channels for communities, one for staff; written handling steps;"
        " posters in both local languages.",
        "progressing": "A telephone line for staff. Communities have not been told, and no rule"
        " says who may see a report.",
        "absent": "No channel. People would tell the director.",
    },
    "assistance": {
        "adequate": "Provider list of this year for all areas, written referral steps, consent"
        " and child rules in the form.",
        "progressing": "Provider list for one of three areas; the steps are known and not written"
        " down.",
        "absent": "No list of providers, no referral steps.",
    },
    "investigations": {
        "adequate": "Written process; an investigator is available through the network of"
        " partners; oversight by the board.",
        "progressing": "Written process, but nobody trained to investigate and no agreement with"
        " anybody who is.",
        "absent": "No process and no access to an investigator.",
    },
}


def of(standard_id: str, rating: str) -> str:
    """Return what was written about a standard with this rating."""
    return _COMMENTS[standard_id][rating]
