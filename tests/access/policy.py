"""The access policy: for every route, who gets which answer. A route without a row fails the build.

``own`` is an object of 青禾县 (the cast's county), ``other`` one of 白石县, ``absent`` an id nobody ever gave.
Whoever is not named gets 404 for an object (the same as for an absent one) and ``rest`` for a page without one;
a visitor and a disabled account are sent to the sign-in page (302), and refused by the API (401).
"""

from dataclasses import dataclass, field

PERSONAS = (
    "anonymous",
    "disabled",
    "principal",
    "liaison",
    "responsible",
    "namesake",
    "lead",
    "office",
    "office_other_county",
    "office_city",
    "supervisor",
    "sysadmin",
    "secadmin",
    "auditor",
)
VISITORS = ("anonymous", "disabled")
STAFF = PERSONAS[2:11]


def give(status: int, *personas: str) -> dict[str, int]:
    return dict.fromkeys(personas, status)


@dataclass(frozen=True)
class Access:
    """Expected statuses of one method; ``rest`` for signed-in people not named. ``visitor`` None: a visitor is answered
    like everybody else."""

    own: dict[str, int] = field(default_factory=dict)
    other: dict[str, int] = field(default_factory=dict)
    rest: int = 404
    visitor: int | None = 302

    def expected(self, persona: str, relation: str) -> int:
        if persona in VISITORS and self.visitor is not None:
            return self.visitor
        named = {"own": self.own, "other": self.other, "absent": {}, "none": self.own}[relation]
        return named.get(persona, self.rest)


@dataclass(frozen=True)
class Row:
    """``kind`` names the object in the URL (None for a page without one); a method left out answers 405."""

    kind: str | None = None
    get: Access | None = None
    post: Access | None = None
    extra: dict = field(default_factory=dict)


UNIT = ("principal", "liaison")
ABOVE = ("lead", "office", "office_city", "supervisor")
READERS = ("office", "office_city", "supervisor")
HERE = (*UNIT, "responsible", *ABOVE)
THERE = ("namesake", "office_other_county", "office_city")
# The namesake is liaison of the other county's unit; its office and the city's office read there too.
THERE_READERS = ("office_other_county", "office_city")

WALK = Access(give(200, *UNIT), give(200, "namesake"))
REPORTED = Access(give(200, *UNIT, *ABOVE), give(200, *THERE))
# Not yet taken or assigned: the unit's rectification owner has no part in it.
FRESH_ISSUE = Access(give(200, *UNIT, *ABOVE), give(200, *THERE))
WORKED_ON = Access(give(200, *HERE), give(200, *THERE))
REGION = Access(give(200, *HERE), give(200, *THERE))
REPORT = Access(give(200, *UNIT, *ABOVE), give(200, *THERE))
SUMMARY = Access(give(200, *READERS), give(200, *THERE_READERS))
JOB = Access(give(200, "office"), give(200, "office_other_county"))
EVERYONE = Access(rest=200)
PUBLIC = Access(rest=200, visitor=200)


def only(access: Access, status: int, own=(), other=()) -> Access:
    """Of those who see the object, ``own`` and ``other`` get ``status``; the rest of them is refused (403)."""
    return Access(
        {**dict.fromkeys(access.own, 403), **give(status, *own)},
        {**dict.fromkeys(access.other, 403), **give(status, *other)},
    )


def api(access: Access) -> Access:
    """The same people through the API, where a visitor is refused instead of sent to sign in."""
    return Access(access.own, access.other, access.rest, visitor=401)


def page() -> Row:
    """A page without an object: everybody signed in gets it, holding what they may see."""
    return Row(get=EVERYONE)
