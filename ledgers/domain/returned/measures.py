"""The cell 措施进展 of a ledger that comes back: what it says of which measure. Pure."""

import re

# “2.5万元” goes on with the line before.
_NUMBERED = re.compile(r"\s*(\d{1,3})\s*[.．、](?!\d)\s*(.*)")


def words_of_each(text: str, count: int) -> list[str]:
    """What the text says of each of ``count`` measures, "" where it says nothing: one measure has the whole text, of
    several each begins with its number. Raises ValueError, in words for people, where a number is missing, comes twice
    or is of no measure."""
    if count == 1:
        return [text.strip()]
    told: dict[int, list[str]] = {}
    last = 0
    for line in text.splitlines():
        if found := _NUMBERED.fullmatch(line):
            number = int(found[1])
            if not last < number <= count:
                raise ValueError(_asked_for(count))
            last, told[number] = number, [found[2].strip()]
        elif line.strip():
            if not last:
                raise ValueError(_asked_for(count))
            told[last].append(line.strip())
    return [" ".join(filter(None, told.get(number, ()))) for number in range(1, count + 1)]


def _asked_for(count: int) -> str:
    return f"有 {count} 条措施，请按“1.”到“{count}.”的次序逐条写进展，没有变化的可以不写"
