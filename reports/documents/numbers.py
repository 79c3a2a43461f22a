"""Numbers typed into a text that no figure of the paper has. Pure.

A number in Arabic digits is a figure unless it is part of a date or a time, of the number of a document
(抚政办发〔2016〕2号), an ordinal (1. 、（2）、第3、附件1), a paper size (A4) or the hotline 12345.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reports.documents.fields import without_fields

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_NO_FIGURE = re.compile(
    r"""
    \d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?(?:度|[上下]半年)?   # 2022年6月20日, 2022年度
    | \d{1,2}\s*月(?:份|\s*\d{1,2}\s*日)? | \d{1,2}\s*日(?!\s*内)
    | (?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?
    | \d{1,2}\s*[时点](?:\s*\d{1,2}\s*分)? | \d{1,2}[:：]\d{2}
    | [〔（(\[【]\s*(?:19|20)\d\d\s*[〕）)\]】](?:\s*第?\d+\s*号)? | 第?\d+\s*号
    | 第\s*\d+ | (?:附件|附表|表|图)\s*\d+
    | [（(]\s*\d{1,2}\s*[）)]
    | (?:(?<=^)|(?<=[。；;：:，,、\s]))\d{1,2}(?:[.．、](?!\d)|[）)])
    | (?<!\d)12345(?!\d)
    | [A-Za-z]\d+
    | \d季度
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"\d+(?:[,，]\d{3}(?!\d))*(?:\.\d+)?%?")
_VALUE = re.compile(r"(\d+(?:\.\d+)?)(?:%|[^\d\W]{0,5})")
# A figure is named in the words before it: 发现问题12个.
_BEFORE = 12


@dataclass(frozen=True)
class TypedNumber:
    """One number as it stands in the text, and the nearest field as ``名称＝值``, "" when there is none."""

    number: str
    nearest: str


def typed_numbers(text: str, drafted: Collection[str], fields: Mapping[str, str]) -> list[TypedNumber]:
    """Numbers in ``text`` that equal no value of ``fields``; a line that is one of ``drafted`` was not typed."""
    values = {name: Decimal(match[1]) for name, value in fields.items() if (match := _VALUE.fullmatch(value))}
    known = set(values.values())
    found = []
    for line in text.split("\n"):
        if line in drafted:
            continue
        plain = without_fields(line).translate(_FULL_WIDTH)
        plain = _NO_FIGURE.sub(lambda match: " " * len(match[0]), plain)
        for match in _NUMBER.finditer(plain):
            number = Decimal(re.sub("[,，%]", "", match[0]))
            if number not in known:
                found.append(TypedNumber(match[0], _nearest(plain[: match.start()], number, values, fields)))
    return found


def _nearest(before: str, number: Decimal, values: Mapping[str, Decimal], fields: Mapping[str, str]) -> str:
    """The field whose name stands just before the number, else the one whose value is nearest."""
    if not values:
        return ""
    near = before[-_BEFORE:]
    named = [name for name in values if name.rpartition("：")[2] in near]
    name = max(named, key=len) if named else min(values, key=lambda one: abs(values[one] - number))
    return f"{name}＝{fields[name]}"
