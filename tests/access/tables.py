"""Access to the pages that import and give out tables: rows of the policy, and the objects they ask for.

``objects(cast)`` → {kind: URL arguments} in the county of that cast; ``ABSENT`` the same with ids nobody ever gave.
"""

import uuid

from django.utils import timezone

from accounts.domain.tokens import make_token
from accounts.enums import AccountKind
from accounts.models import ApiToken, HandOver, User
from accounts.scope import scope_of
from core.models import StagedTable
from core.resources import Preview
from core.staging import KEEP
from ledgers.models import ImportBatch
from tests.access.policy import READERS, THERE, UNIT, Access, Row, give, page

ACTING = ("principal", "liaison", "responsible", "namesake", "lead", "office", "office_other_county", "office_city")
OFFICES = ("office", "office_other_county", "office_city")
# A staged table is its owner's alone: the other county's office has its own, the other system administrator too.
ITEMS, ITEMS_BARE = (Access(give(status, "office"), give(status, "office_other_county")) for status in (200, 400))
KEPT, KEPT_BARE = (Access(give(status, "sysadmin")) for status in (200, 400))
DECIDED, DECIDED_BARE = (Access(give(status, "secadmin")) for status in (200, 400))
# An account is no county's: both relations alike.
ONLY_SYSADMIN, ONLY_SYSADMIN_BARE = (Access(*(give(status, "sysadmin"),) * 2) for status in (200, 400))
ONLY_SECADMIN, ONLY_SECADMIN_BARE = (Access(*(give(status, "secadmin"),) * 2) for status in (200, 400))

BROUGHT = Access(give(200, "office"), give(200, "office_other_county"))
NOTHING_SEEN = Access(give(400, "office"), give(400, "office_other_county"))
# Taken back once, by whoever asks first; the second is told so.
UNDONE = Access(give(400, "office"), give(400, "office_other_county"))

# A table whose columns are not named yet.
UNREAD = {"columns": ["问题"], "title": [], "mark": "", "repeated": [], "notes": [], "asks": [], "said": {}}

ROWS: dict[str, Row] = {
    "items": Row(get=Access(give(200, *OFFICES))),
    "items_import": Row(get=Access(give(200, *OFFICES)), post=Access(give(400, *OFFICES))),
    "items_preview": Row("staged_items", get=ITEMS, post=ITEMS_BARE),
    "items_export": Row(get=Access(give(200, *OFFICES))),
    "imports": Row(get=Access(give(200, "office", "office_other_county"))),
    "imports_export": Row(get=Access(give(200, "office", "office_other_county"))),
    "import_batch_export": Row("import_batch", get=BROUGHT),
    "import_batch": Row("import_batch", get=BROUGHT, post=UNDONE),
    **{
        f"{kind}_import": Row(
            get=Access(give(200, "office", "office_other_county")),
            post=Access(give(400, "office", "office_other_county")),
        )
        for kind in ("ledger", "walks")
    },
    **{f"{kind}_preview": Row(f"staged_{kind}", get=BROUGHT, post=NOTHING_SEEN) for kind in ("ledger", "walks")},
    **{f"{kind}_columns": Row(f"unread_{kind}", get=BROUGHT, post=NOTHING_SEEN) for kind in ("ledger", "walks")},
    "ledger_return": Row(get=Access(give(200, *ACTING), rest=403), post=Access(give(400, *ACTING), rest=403)),
    "ledger_return_preview": Row("staged_returned", get=BROUGHT, post=NOTHING_SEEN),
    "units_import": Row(get=KEPT, post=KEPT_BARE),
    "units_preview": Row("staged_units", get=KEPT, post=KEPT_BARE),
    "units_export": Row(get=KEPT),
    "people_import": Row(get=KEPT, post=KEPT_BARE),
    "people_preview": Row("staged_people", get=KEPT, post=KEPT_BARE),
    "people_export": Row(get=KEPT),
    "person": Row(
        "person",
        get=Access(*(give(200, "sysadmin", "secadmin"),) * 2),
        post=Access(*(give(400, "sysadmin", "secadmin"),) * 2),
    ),
    "unit_places": Row(get=KEPT, post=KEPT_BARE),
    "unit_place": Row("place", get=ONLY_SYSADMIN, post=ONLY_SYSADMIN_BARE),
    "people_passwords": Row(get=KEPT, post=KEPT_BARE),
    "person_new": Row(get=KEPT, post=KEPT_BARE),
    "person_edit": Row("person", get=ONLY_SYSADMIN, post=ONLY_SYSADMIN_BARE),
    "person_password": Row("person", get=ONLY_SYSADMIN, post=ONLY_SYSADMIN_BARE),
    **{name: Row("person", get=ONLY_SECADMIN, post=ONLY_SECADMIN_BARE) for name in ("person_unlock", "person_grant")},
    "person_handover": Row("person", get=ONLY_SECADMIN, post=ONLY_SECADMIN_BARE),
    # The unit itself and who reads it from above; an administrator sees counts alone, on the page of the person.
    "hand_over": Row("hand_over", get=Access(give(200, *UNIT, "responsible", *READERS), give(200, *THERE))),
    # Everybody's own; of another's it is not known that there is one.
    "tokens": page(),
    "token_add": Row(get=page().get, post=Access(rest=400)),
    "token_end": Row("api_token", post=Access(give(302, "liaison"), give(302, "namesake"))),
    "roles": Row(get=DECIDED, post=DECIDED_BARE),
    "roles_export": Row(get=DECIDED),
}
STAGED = ("staged_returned", "staged_items", "staged_units", "staged_people", "staged_ledger", "staged_walks")
ABSENT: dict[str, dict] = {kind: {"pk": 9_999_999} for kind in ("person", "place", "api_token")} | {
    kind: {"pk": uuid.UUID(int=7)} for kind in (*STAGED, "unread_ledger", "unread_walks", "import_batch", "hand_over")
}


def objects(cast) -> dict[str, dict]:
    keeper = cast.people.get("sysadmin") or User.objects.create(
        username="other_sysadmin", name="另一管理员", kind=AccountKind.SYSADMIN
    )
    owners = {"items": cast.office, "units": keeper, "people": keeper, "ledger": cast.office, "walks": cast.office}
    params = {"campaign": cast.campaign.pk, "title": [], "mapping": {}}
    batch = ImportBatch.objects.create(
        campaign=cast.campaign, kind="ledger", file="台账.csv", at=timezone.now(), actor=cast.office,
        counts={"created": 0, "updated": 0, "unchanged": 0},
    )  # fmt: skip
    return {
        "person": {"pk": cast.liaison.pk},
        "place": {"pk": cast.county.pk},
        "import_batch": {"pk": batch.pk},
        "hand_over": {"pk": _handed_over(cast).public_id},
        "api_token": {"pk": _token(cast).pk},
        **{f"staged_{kind}": {"pk": staged_table(kind, owner, params).pk} for kind, owner in owners.items()},
        "staged_returned": {"pk": staged_table("ledger.returned", cast.office, {}).pk},
        **{
            f"unread_{kind}": {"pk": staged_table(f"{kind}.head", cast.office, params | UNREAD).pk}
            for kind in ("ledger", "walks")
        },
    }


def _token(cast) -> ApiToken:
    now = timezone.now()
    asked = {"purpose": "读取台账", "scope": "read", "expires_on": timezone.localdate(), "now": now}
    return make_token(user=cast.liaison, **asked)[0]


def _handed_over(cast) -> HandOver:
    return HandOver.objects.create(
        department=cast.unit, leaver=cast.principal, successor=cast.liaison, made_by=cast.office,
        roles=["principal"], reason="任免通知", made_at=timezone.now(),
    )  # fmt: skip


def staged_table(kind: str, owner: User, params: dict) -> StagedTable:
    rights = "" if owner.kind == AccountKind.SYSADMIN else scope_of(owner).fingerprint
    return StagedTable.objects.create(
        kind=kind, owner=owner, rights=rights, file="表.csv", params=params, preview=Preview().as_dict(),
        expires_at=timezone.now() + KEEP,
    )  # fmt: skip
