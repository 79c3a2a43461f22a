"""ZIP files: names every system takes, none twice, and the same bytes for the same content."""

import io
import zipfile

import pytest

from core.archive import LONGEST_NAME, FixedZip, safe_part


def names(*asked: tuple[str, ...], **options) -> list[str]:
    with FixedZip(io.BytesIO()) as archive:
        return [archive.name("照片", *parts, ending="jpg", **options) for parts in asked]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ('a\\b/c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j"),
        ("结婚 登记\n（内地居民）", "结婚-登记-（内地居民）"),
        ("..\\..\\etc", "etc"),
        ("尾点. ", "尾点"),
        ("看\u202e不见\x00的", "看不见的"),
        ("///", ""),
        ("来电13812345678", "来电138-5678"),
    ],
)
def test_a_name_holds_nothing_that_windows_refuses(text, safe):
    assert safe_part(text) == safe


def test_a_second_entry_of_a_name_gets_a_number_whatever_the_case():
    assert names(("A",), ("a",), ("A",)) == ["照片/A.jpg", "照片/a_2.jpg", "照片/A_3.jpg"]
    assert names(("甲",), ("甲",), numbered=True) == ["照片/甲_1.jpg", "照片/甲_2.jpg"]


def test_a_long_name_is_cut_in_its_longest_part_and_stays_unique():
    long = "事" * 120
    found = names(("20220608", long, "受理"), ("20220608", long + "乙", "受理"), numbered=True)
    assert [len(name.split("/")[1]) for name in found] == [LONGEST_NAME] * 2
    assert found[0].endswith("_受理_1.jpg")
    assert found[1].endswith("_受理_2.jpg")
    # More than nine of the same: the name stays within its length with a number of two digits.
    many = names(*[("20220608", long, "受理")] * 12, numbered=True)
    assert len(set(many)) == 12
    assert max(len(name.split("/")[1]) for name in many) == LONGEST_NAME


def test_the_same_content_is_the_same_bytes():
    def written() -> bytes:
        out = io.BytesIO()
        with FixedZip(out) as archive:
            archive.write(archive.name("", "目录", ending="txt"), "甲".encode())
            archive.write(archive.name("照片", "乙", ending="jpg"), b"\xff\xd8")
        return out.getvalue()

    assert written() == written()
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        assert archive.namelist() == ["目录.txt", "照片/乙.jpg"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
