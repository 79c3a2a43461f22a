"""Name, phone and posts of an account, changed on its page by 系统管理员. What was signed and printed keeps the old
ones."""

from collections.abc import Mapping

from django.db import transaction

from accounts.domain.labels import refresh_labels
from accounts.domain.memberships import set_titles
from accounts.domain.queries import memberships_of
from accounts.models import User
from accounts.rules import may_keep_people
from core import audit
from core.content_token import content_token, require_unchanged
from core.exceptions import NotAllowed, Refused
from core.text import mask_phone

CHANGED = "user.changed"


def token_of_person(user: User) -> str:
    """Of what the page edits: name, phone and the posts of the roles that are held."""
    titles = memberships_of(user).order_by("pk").values_list("pk", "title")
    return content_token([user.name, user.phone, [list(one) for one in titles]])


@transaction.atomic
def edit_person(
    *, user: User, name: str, phone: str, titles: Mapping[int, str], reason: str, actor: User, seen: str
) -> User:
    """``phone`` "": it stays; ``titles``: {membership: 职务}, those not named stay.

    Side effects in order: the account; the posts; what people of the old and the new name are called; an audit entry
    with old → new, phones masked. Raises NotAllowed for anybody but 系统管理员, Refused where nothing changes,
    StaleVersion where ``token_of_person`` is no longer ``seen``.
    """
    if not may_keep_people(actor):
        raise NotAllowed("人员信息由系统管理员修改，您没有此项权限。", rule="permission")
    stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    require_unchanged(what=f"{stored.label}的信息", seen=seen, now=token_of_person(stored))
    was = {"姓名": stored.name, "手机": stored.phone}
    now = {"姓名": name, "手机": phone or stored.phone}
    changed = []
    for one in memberships_of(stored).filter(pk__in=list(titles)):
        key, title = f"{one.department.name}{one.get_role_display()}职务", titles[one.pk]
        was[key], now[key] = one.title, title
        if one.title != title:
            one.title = title
            changed.append(one)
    told = {key: [was[key], now[key]] for key in now if was[key] != now[key]}
    if not told:
        raise Refused("没有改动，未保存。", rule="person.unchanged")
    User.objects.filter(pk=stored.pk).update(name=name, phone=now["手机"])
    set_titles(changed)
    refresh_labels([was["姓名"], name])
    if "手机" in told:
        told["手机"] = [mask_phone(number) for number in told["手机"]]
    detail = {key: f"{old or '空'} → {new or '空'}" for key, (old, new) in told.items()} | {"reason": reason}
    audit.record(actor=actor, action=CHANGED, object_type="user", object_key=stored.username, detail=detail)
    return stored
