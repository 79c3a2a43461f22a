"""Identity numbers and phones in free text: recall, false alarms, masking, over strings drawn by a seed."""

import random
import sys
from datetime import date, timedelta

import pytest

from core import personal_data
from core.personal_data import ID, PHONE, find, mask, mask_page
from tests.scale import SEED, scaled

EACH = scaled(400, 20_000)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
AREAS = ("110101", "150521", "430121", "441900", "610122", "650102")
AROUND = (
    ("群众", "来电反映"), ("联系电话：", "。"), ("（", "）"), ("", ""), ("张三 ", " 已办结"), ("身份证", "，请核对"),
    ("TEL:", "\n"), ("2022年6月8日，", "、李四"),
)  # fmt: skip


def an_id(rng) -> str:
    born = date(1940, 1, 1) + timedelta(days=rng.randrange(25_000))
    body = f"{rng.choice(AREAS)}{born:%Y%m%d}{rng.randrange(1000):03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def a_phone(rng) -> str:
    return f"1{rng.choice('3456789')}{rng.randrange(10**9):09d}"


def cut(text: str, sizes, mark: str) -> str:
    parts, done = [], 0
    for size in sizes:
        parts.append(text[done : done + size])
        done += size
    return mark.join(parts)


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


def dressed(rng, number: str) -> str:
    """The number as somebody types it."""
    groups = (6, 8, 4) if len(number) == 18 else rng.choice([(3, 4, 4), (3, 8), (7, 4)])
    looks = [
        number, wide(number), cut(number, groups, " "), cut(number, groups, "-"), cut(number, groups, "　"),
        cut(number, groups, "—"), wide(cut(number, groups, "-")), " ".join(number), number[:5] + "\u200b" + number[5:],
        number.lower(),
    ]  # fmt: skip
    if len(number) == 11:
        looks += [f"+86{number}", f"+86 {number}", f"86-{cut(number, groups, '-')}", f"tel{number}"]
    return rng.choice(looks)


def innocent(rng) -> str:
    """Digits that are nobody's number: codes, dates, amounts, landlines, hashes, wrong check characters."""
    digits = lambda n: "".join(rng.choice("0123456789") for _ in range(n))  # noqa: E731 - short, used here only
    number = an_id(rng)
    wrong = number[:-1] + rng.choice([c for c in "0123456789X" if c != number[-1]])
    return rng.choice([
        f"QH2022-{digits(5)}", f"政发〔2022〕{digits(2)}号", f"2022-06-{rng.randrange(10, 29)} 13:{digits(2)}",
        f"{rng.randrange(10**6):,}.{digits(2)}元", f"0475-{rng.randrange(2, 9)}{digits(6)}", f"029-8{digits(7)}",
        f"订单号{digits(20)}", f"流水 {digits(16)}", f"91{digits(6)}MA{digits(7)}X", wrong, f"编号{digits(13)}",
        f"a{digits(11)}f", f"{digits(3)}、{digits(4)}、{digits(4)}", f"12345热线第{digits(9)}号", f"{digits(10)}",
        f"统计 15 20 30 {digits(5)} 件", f"2{digits(10)}", f"{digits(8)}至{digits(8)}", "12345", "9:00-17:30",
        f"https://example.invalid/{digits(6)}", f"第{rng.randrange(99)}页共{rng.randrange(99)}页",
    ])  # fmt: skip


def test_almost_every_number_is_found_however_typed():
    rng, missed = random.Random(SEED), []
    for _ in range(EACH):
        kind, number = rng.choice([(ID, an_id(rng)), (PHONE, a_phone(rng))])
        before, after = rng.choice(AROUND)
        typed = dressed(rng, number)
        text = f"{before}{typed}{after}"
        if [one.kind for one in find(text)] != [kind]:
            missed.append(text)
        assert find(mask(text)) == []
    assert len(missed) <= EACH * 0.01, missed


def test_almost_nothing_else_is_taken_for_one():
    rng = random.Random(SEED)
    alarms = [text for text in (innocent(rng) for _ in range(EACH)) if find(text)]
    assert len(alarms) <= EACH * 0.01, alarms


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("（1 5 0 5 2 1 2 0 0 4 1 1 0 8 4 9 5 7）", "（1 5 0 * * * * * * * * * * * 4 9 5 7）"),
        ("电话13812345678。", "电话138****5678。"),
        ("138 1234 5678 和 139-1111-2222", "138 **** 5678 和 139-****-2222"),
        ("身份证61012219900101123X不对", "身份证61012219900101123X不对"),
        ("２０２２年１３８１２３４５６７８", "２０２２年１３８****５６７８"),
        ("没有号码", "没有号码"),
        ("张三13812345678zhang", "张三138****5678zhang"),
        ("13812345678Zhang，李四", "138****5678Zhang，李四"),
        ("1381234567813912345678", "138****5678139****5678"),
        ("13812345678zhang13912345678", "138****5678zhang139****5678"),
        ("设备13812345678AB9、13812345678kWh、13812345678m", "设备13812345678AB9、13812345678kWh、13812345678m"),
        ("流水 1381234567813912345678901", "流水 1381234567813912345678901"),
        ("(1b960）1８6)33３38-13812345678·", "(1b960）1８6)****8-138****5678·"),
    ],
)
def test_masking_stars_the_number_alone(text, masked):
    assert mask(text) == masked


def steps(text: str) -> int:
    """Lines of the module that are run through to mask a page of that text."""
    count = 0

    def trace(frame, event, arg):
        nonlocal count
        if frame.f_code.co_filename != personal_data.__file__:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        mask_page(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "part", ["1 ", "13 ", "1391 ", "138 1234 567 ", "13812345678", "138\u200b", "13812345678z", "<"]
)
def test_the_work_grows_with_the_text_and_no_faster(part):
    short, double = (part * (size // len(part)) for size in (1_000, 2_000))
    assert steps(double) <= 2.1 * steps(short) + 50
    assert steps(short) <= 25 * len(short) + 50


def test_rows_of_single_digits_are_passed_over_at_once():
    assert steps("1 " * 1_000) < 100
