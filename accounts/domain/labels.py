"""By what a person is called: the name, and where another of that name is about, the post beside it.

The only writer of ``User.label``, which every page, list, paper and message shows.
"""

from collections import Counter
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Membership, User


def refresh_labels(names: Iterable[str]) -> int:
    """Write the labels of everybody who bears one of these names; returns how many changed (人). Called whenever an
    account, a role or a title has come or gone. Two queries when nothing changes.

    A name alone where nobody else in the person's region bears it. Else 姓名（职务）, where the post is equal too
    姓名（单位职务）, else, and for who has left, 姓名（用户名）: two people who may meet never have the same label.
    """
    people = list(User.objects.filter(name__in=set(names)).only("pk", "name", "username", "label"))
    several = _shared([person.name for person in people])
    posts = _posts(User.objects.filter(name__in=several)) if several else {}
    changed = []
    for person in people:
        label = _label(person, [one for one in people if one.name == person.name and one.pk != person.pk], posts)
        if label != person.label:
            person.label = label
            changed.append(person)
    User.objects.bulk_update(changed, ["label"], batch_size=500)
    return len(changed)


def with_post(label: str, name: str, post: str) -> str:
    """A person in a list of choices: the label where it already tells the post, else 姓名（职务）."""
    return f"{name}（{post}）" if label in ("", name) else label


Posts = dict[int, tuple[int, str, str]]


def _shared(names: list[str]) -> set[str]:
    return {name for name, times in Counter(names).items() if times > 1}


def _posts(users: QuerySet[User]) -> Posts:
    """{user id: (region, post, unit)}, the first by the order of the units."""
    rows = Membership.objects.filter(user__in=users, department__is_active=True)
    rows = rows.order_by("department__order", "id").select_related("department")
    found: Posts = {}
    for row in rows:
        found.setdefault(
            row.user_id, (row.department.region_id, row.title or Role(row.role).label, row.department.name)
        )
    return found


def _label(person: User, namesakes: list[User], posts: Posts) -> str:
    if not namesakes:
        return person.name
    if person.pk not in posts:
        return f"{person.name}（{person.username}）"
    region, post, unit = posts[person.pk]
    others = [posts[one.pk][1:] for one in namesakes if one.pk in posts and posts[one.pk][0] == region]
    if not others:
        return person.name
    if post not in {title for title, _ in others}:
        return f"{person.name}（{post}）"
    return f"{person.name}（{unit}{post}）" if (post, unit) not in others else f"{person.name}（{person.username}）"
