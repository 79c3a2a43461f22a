"""What a page of settling showed of each unit's score, and what has changed since. Pure."""

from collections.abc import Iterable

from campaigns.domain.rulebook.rubric import points
from core.content_token import UNSEEN, content_token
from core.exceptions import Refused, StaleVersion
from scoring.domain.sheet import UnitScore, as_data

NAMED = 10


def shown_of(units: Iterable[UnitScore]) -> str:
    """The scores as the page carries them: of each unit its id, its total (tenths) and a token of its whole sheet."""
    return " ".join(f"{unit.id}:{unit.total}:{_token(unit)}" for unit in units)


def require_as_shown(units: Iterable[UnitScore], shown: str | None) -> None:
    """Raise StaleVersion, naming the units and both scores, when the scores are no longer those of ``shown`` (None: not
    asked); Refused when it cannot be read."""
    if shown is None:
        return
    if found := _changes(list(units), _read(shown)):
        more = f"等 {len(found)} 个单位" if len(found) > NAMED else ""
        words = f"评分在本页打开以后有变动，没有确定：{'；'.join(found[:NAMED])}{more}。请核对现在的得分，再次确定。"
        raise StaleVersion(words, rule="score.shown", named=True)


def _changes(units: list[UnitScore], before: dict[int, tuple[int, str]]) -> list[str]:
    """What differs, a line a unit in the order of the list; how many units are not scored any more stands last."""
    found = []
    for unit in units:
        total, token = before.get(unit.id, (None, ""))
        if total is None:
            found.append(f"{unit.name} 新列入，{points(unit.total)} 分")
        elif total != unit.total:
            found.append(f"{unit.name} {points(total)} 分，现为 {points(unit.total)} 分")
        elif token != _token(unit):
            found.append(f"{unit.name} 扣分的记录有变动，仍为 {points(total)} 分")
    gone = before.keys() - {unit.id for unit in units}
    return found + ([f"{len(gone)} 个单位不再列入"] if gone else [])


def _token(unit: UnitScore) -> str:
    return content_token(as_data([unit]))[:8]


def _read(shown: str) -> dict[int, tuple[int, str]]:
    """{unit: (total, token)}."""
    found = {}
    for part in shown.split():
        key, _, rest = part.partition(":")
        total, _, token = rest.partition(":")
        if not all(one.isascii() and one.isdigit() and len(one) < 18 for one in (key, total)):
            raise Refused(UNSEEN, rule="seen")
        found[int(key)] = (int(total), token)
    return found
