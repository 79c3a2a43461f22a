"""What a person may see. Every ``*_visible_to(user)`` of every app starts here."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from accounts.enums import LEADER_ROLES, UNIT_ROLES, AccountKind, Role
from accounts.models import Department, Membership, Region


def right_of(role: str, department_id: int, region_id: int) -> str:
    """The name of one right, see ``Post.right``."""
    return f"{role}:{department_id}:{region_id}"


@dataclass(frozen=True)
class Post:
    """One membership as far as rights depend on it. ``below``: the regions read from above by it, its own included.

    ``is_taken_over``: not a membership itself: the department is an abolished one that the person's own succeeds
    (``Department.succeeded_by``), and the person has the same part in what still stands in its name.
    """

    role: str
    department_id: int
    region_id: int
    name: str
    below: frozenset[int] = frozenset()
    is_taken_over: bool = False

    @property
    def right(self) -> str:
        """The membership in one word: what is stored where something was given because of it."""
        return right_of(self.role, self.department_id, self.region_id)


@dataclass(frozen=True)
class Scope:
    """What one person's memberships give, as sets of ids.

    - ``units``: departments whose walks and issues are the person's own business (principal, deputy, liaison)
    - ``leads``: departments for which the person receives plans and reports
    - ``offices``: coordinating departments the person works in
    - ``workplaces``: every department the person belongs to, rectification owners included
    - ``read_regions``: regions read from above (office and supervisor: the whole subtree)
    - ``act_regions``: regions in which the person acts as the office (its own level only: reads down, writes here)
    - ``home_regions``: regions of the departments the person belongs to
    - ``taken_over``: abolished departments among all these, which the person's own succeed
    - ``label``: name of the first department, for the head of the page
    - ``posts``: the memberships it was made of, those taken over last
    """

    user_id: int | None = None
    roles: frozenset[tuple[str, int]] = frozenset()
    read_regions: frozenset[int] = frozenset()
    act_regions: frozenset[int] = frozenset()
    home_regions: frozenset[int] = frozenset()
    units: frozenset[int] = field(default=frozenset())
    leads: frozenset[int] = field(default=frozenset())
    offices: frozenset[int] = field(default=frozenset())
    workplaces: frozenset[int] = field(default=frozenset())
    taken_over: frozenset[int] = field(default=frozenset())
    label: str = ""
    posts: tuple[Post, ...] = ()

    @classmethod
    def of(cls, user_id: int, posts: Iterable[Post]) -> "Scope":
        """What these memberships give together."""
        posts = tuple(posts)
        return cls(
            user_id=user_id,
            roles=frozenset((post.role, post.department_id) for post in posts),
            read_regions=frozenset(region for post in posts for region in post.below),
            act_regions=frozenset(post.region_id for post in posts if post.role == Role.OFFICE),
            home_regions=frozenset(post.region_id for post in posts),
            units=frozenset(post.department_id for post in posts if post.role in UNIT_ROLES),
            leads=frozenset(post.department_id for post in posts if post.role == Role.LEAD),
            offices=frozenset(post.department_id for post in posts if post.role == Role.OFFICE),
            workplaces=frozenset(post.department_id for post in posts),
            taken_over=frozenset(post.department_id for post in posts if post.is_taken_over),
            label=posts[0].name if posts else "",
            posts=posts,
        )

    @property
    def rights(self) -> tuple[str, ...]:
        """Every right the person holds, see ``Post.right``."""
        return tuple(post.right for post in self.posts)

    @property
    def fingerprint(self) -> str:
        """Equal as long as the person holds the same rights; another one as soon as a right comes or goes."""
        return hashlib.sha256("\n".join(sorted(self.rights)).encode()).hexdigest()

    def right_that(self, sees: Callable[["Scope"], bool]) -> str:
        """The first right by which alone the person sees something, "" when there is none. ``sees`` judges a scope."""
        return next((post.right for post, alone in self._parts if sees(alone)), "")

    @cached_property
    def _parts(self) -> list[tuple[Post, "Scope"]]:
        return [(post, Scope.of(self.user_id or 0, (post,))) for post in self.posts]

    def holds(self, role: str, department_id: int | None = None) -> bool:
        """True when the person has ``role`` in that department, or in any when none is given."""
        if department_id is None:
            return any(held == role for held, _ in self.roles)
        return (role, department_id) in self.roles

    @property
    def is_lead_or_office(self) -> bool:
        """True for people of a leading unit and of a coordinating office: they assign, chase and decide for others."""
        return bool(self.leads or self.act_regions)

    def leads_people_of(self, department_id: int | None) -> bool:
        """True for the principal or a deputy of that department."""
        return any((role, department_id) in self.roles for role in LEADER_ROLES)


NOTHING = Scope()


def in_force(prefix: str = "") -> Q:
    """Memberships whose last day has not passed; ``prefix`` leads to the membership (``memberships__``). Judged at each
    request: nothing waits for the round that takes ended rows away."""
    return Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": timezone.localdate()})


def scope_of(user) -> Scope:
    """The person's scope, loaded once per request (kept on the user object, so a change holds on the next one).

    Anonymous, disabled and administrator accounts get an empty scope: none of the 三员 reads business records.
    """
    if not user.is_authenticated or not user.is_active or user.kind != AccountKind.STAFF:
        return NOTHING
    cached = user.__dict__.get("_scope")
    if cached is None:
        cached = user.__dict__["_scope"] = _load(user)
    return cached


def scopes_of(user_ids: Iterable[int]) -> dict[int, Scope]:
    """{user id: scope} of many people in two queries; who sees nothing, disabled people too, has an empty one."""
    wanted = set(user_ids)
    posts: dict[int, list[tuple]] = {}
    rows = Membership.objects.filter(in_force(), user_id__in=wanted, user__is_active=True, user__kind=AccountKind.STAFF)
    for user_id, *row in rows.filter(department__is_active=True).values_list("user_id", *_HELD):
        posts.setdefault(user_id, []).append(tuple(row))
    parents = dict(Region.objects.values_list("pk", "parent_id")) if posts else {}
    below = {region: frozenset(pk for pk in parents if region in _above(pk, parents)) for region in _read(posts)}
    found = {pk: Scope.of(pk, _posts(rows, below)) for pk, rows in posts.items()}
    return {pk: found.get(pk, NOTHING) for pk in wanted}


def rights_to_open(user_ids: Iterable[int], sees: Callable[[Scope], bool]) -> dict[int, str]:
    """{user id: the right by which that person may open it} of those given who may at all, in the order given.

    ``sees`` judges a scope. This decides who is told of something: a notice goes to nobody else. Two queries.
    """
    wanted = list(dict.fromkeys(user_ids))
    scopes = scopes_of(wanted) if wanted else {}
    return {pk: right for pk in wanted if (right := scopes[pk].right_that(sees))}


# A row for each predecessor of the department, or one without.
_HELD = ("role", "department_id", "department__region_id", "department__name", "department__predecessors")
_FROM_ABOVE = (Role.OFFICE, Role.SUPERVISOR)
# Read at each request of an office: in no order, and without ranking every region there is.
_BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM accounts_region WHERE id = %s
    UNION SELECT region.id FROM accounts_region AS region JOIN below ON region.parent_id = below.id
)
SELECT id FROM below"""


def _load(user) -> Scope:
    held = Membership.objects.filter(in_force(), user=user, department__is_active=True)
    rows = list(held.values_list(*_HELD))
    below = {region: frozenset(_subtree(region)) for region in _read({user.pk: rows})}
    return Scope.of(user.pk, _posts(rows, below))


def _read(rows: dict[int, list[tuple]]) -> set[int]:
    """The regions somebody reads from above."""
    return {region for held in rows.values() for role, _, region, *_ in held if role in _FROM_ABOVE}


def _posts(rows: list[tuple], below: dict[int, frozenset[int]]) -> list[Post]:
    """The memberships of these rows, each once, and then what they take over."""
    own, over = {}, {}
    for role, department, region, name, predecessor in rows:
        above = below[region] if role in _FROM_ABOVE else frozenset()
        own[Post(role, department, region, name, above)] = None
        if predecessor is not None:
            over[Post(role, predecessor, region, name, above, is_taken_over=True)] = None
    return [*own, *over]


def _above(region: int | None, parents: dict[int, int | None]) -> set[int]:
    """The region with everything above it."""
    found = set()
    while region is not None:
        found.add(region)
        region = parents.get(region)
    return found


def _subtree(region_id: int) -> list[int]:
    """The region with everything below it."""
    return [region.pk for region in Region.objects.raw(_BELOW, [region_id])]


def regions_visible_to(user):
    """Regions the person belongs to or reads from above."""
    scope = scope_of(user)
    return Region.objects.filter(pk__in=scope.home_regions | scope.read_regions)


def departments_visible_to(user):
    """Departments of those regions: the names one may choose from. Those of other counties are left out."""
    scope = scope_of(user)
    return Department.objects.filter(region_id__in=scope.home_regions | scope.read_regions)


def home_region(user) -> str:
    """Name of the region the person works in, the widest when there are several; for the head of a workbook."""
    own = regions_visible_to(user).filter(pk__in=scope_of(user).home_regions)
    return own.with_tree_fields().values_list("name", flat=True).first() or ""
