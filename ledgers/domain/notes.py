"""What was read otherwise than it stands in the table, in sentences a person confirms. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from core.tabular.layout import in_words

MOST = 200


class ReadNotes:
    """Gathers what was read out of words; the same reading of the same words is one sentence with all its rows.

    ``theirs``: {our column: the name the table gives it}.
    """

    def __init__(self, theirs: Mapping[str, str] | None = None) -> None:
        self.theirs = theirs or {}
        self._read: dict[tuple[str, str, str], list[int]] = {}
        self._said: dict[str, list[int]] = {}

    def read(self, row: int, column: str, value: str, taken_as: object) -> None:
        """“整改时限”的“6月底前”读作 2022-06-30."""
        self._read.setdefault((self.theirs.get(column, column), value, str(taken_as)), []).append(row)

    def say(self, row: int, words: str) -> None:
        """A sentence about rows, its rows put before it."""
        self._said.setdefault(words, []).append(row)

    def sentences(self) -> list[str]:
        """In the order in which they came up; of more than 200 readings the rest is counted."""
        readings = [
            f"“{column}”的“{value[:40]}”读作“{taken}”（{in_words(rows)}）。"
            for (column, value, taken), rows in self._read.items()
        ]
        more = (
            [f"另有 {len(readings) - MOST} 处同样读作所写之外的内容，请在逐行比对中核对。"]
            if len(readings) > MOST
            else []
        )
        said = [f"{in_words(rows)}{words}" for words, rows in self._said.items()]
        return [*said, *readings[:MOST], *more]


def kept_words(rows: Iterable[tuple[int, str]]) -> list[str]:
    """One sentence for each reason why rows change nothing, with their numbers; rows without a reason are left out."""
    found: dict[str, list[int]] = {}
    for number, why in rows:
        if why:
            found.setdefault(why, []).append(number)
    return [f"{in_words(numbers)}{why}。" for why, numbers in found.items()]


def made_words(made: Mapping[str, Sequence[str]]) -> list[str]:
    """将新建单位 2 个：县文旅局、县体育局. Of more than twenty the first."""
    return [
        f"将新建{what} {len(names)} 个：{'、'.join(names[:20])}{'等' if len(names) > 20 else ''}。"
        for what, names in made.items()
    ]


def joined(values: Iterable[str], between: str = "；") -> str:
    """The words that are not empty, in one."""
    return between.join(value for value in values if value)
