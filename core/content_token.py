"""Two people do not overwrite each other: what a form was opened on, and whether that still stands."""

from core.exceptions import Refused, StaleVersion
from core.idempotency import body_digest

UNSEEN = "不知道修改是从哪一版开始的，未保存。请重新打开本页后再改。"


def content_token(content: object) -> str:
    """A short token of what a page showed, the same as long as nobody changes it."""
    return body_digest({"content": content})[:16]


def require_unchanged(*, what: str, seen: str, now: str, last: str = "", act: str = "") -> None:
    """Raise Refused when the sender does not say what the form was opened on, StaleVersion when ``what`` is another
    by ``now``. Call it while the record is locked.

    ``last``: who saved it last and when, in words. ``act``: what was to be done to it (撤回), where nothing was to be
    saved.
    """
    if not seen:
        raise Refused(UNSEEN, rule="seen")
    if seen != now:
        words = f"{what}刚被他人修改，本次内容未保存。请核对后重新修改。"
        if act:
            words = f"{what}刚被他人修改，未{act}。请核对现在的内容，仍要{act}的，请再次确认。"
        raise StaleVersion(words, rule="stale", last=last)
