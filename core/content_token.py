"""Two people do not overwrite each other: what a form was opened on, and whether that still stands."""

from core.exceptions import OWN, Refused, StaleVersion
from core.idempotency import body_digest

UNSEEN = "不知道修改是从哪一版开始的，未保存。请重新打开本页后再改。"


def content_token(content: object) -> str:
    """A short token of what a page showed, the same as long as nobody changes it."""
    return body_digest({"content": content})[:16]


def require_unchanged(
    *, what: str, seen: str, now: str, by: object = None, saved: tuple | None = None, act: str = ""
) -> None:
    """Raise Refused when the sender does not say what the form was opened on, StaleVersion when ``what`` is another
    by ``now``. Call it while the record is locked.

    ``by``: who changed it, where that is known; ``saved``: (who, when) of the last saving. ``act``: what was to be done
    to it (撤回), where nothing was to be saved. The message names nobody: the change may be the sender's own, made in
    another window, which ``core.idempotency.once`` tells from the last submit.
    """
    if not seen:
        raise Refused(UNSEEN, rule="seen")
    if seen != now:
        rest = "本次内容未保存。请核对后重新修改。"
        if act:
            rest = f"未{act}。请核对现在的内容，仍要{act}的，请再次确认。"
        said = f"{what}在本页打开以后已有改动，{rest}"
        raise StaleVersion(said, rule="stale", by=by, own=f"{OWN}刚修改了{what}，{rest}", saved=saved)
