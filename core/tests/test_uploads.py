"""Uploads under any name; one table at a time for each person."""

import os
from contextlib import ExitStack

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.uploads import TableBusy, on_disk, table_name

LONG = ("𠮷" * 90 + ".xlsx", "表" * 90 + ".xlsx", "a" * 270 + ".xlsx", "表." + "报" * 90)
GOOD = "序号,单位名称\n1,县民政局\n".encode()


@pytest.mark.parametrize("name", LONG)
def test_a_long_name_is_shortened_to_what_a_file_may_have(name, cast):
    assert len(table_name(name).encode()) <= 200
    with on_disk(SimpleUploadedFile(name, GOOD), reader=cast.office) as path:
        assert path.read_bytes() == GOOD


def test_a_long_name_and_a_damaged_zip_are_told_in_words_on_the_pages(client, cast, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    client.force_login(cast.office)
    for name in LONG:
        for url in (reverse("items_import"), reverse("pool_import", args=[cast.campaign.code])):
            sent = {"file": SimpleUploadedFile(name, b"PK\x03\x04" + bytes(500)), "region": cast.campaign.region_id}
            answer = client.post(url, sent | {"idempotency_key": os.urandom(8).hex()})
            assert answer.status_code == 400
            assert "已损坏、加密或不是 Excel 表格" in answer.content.decode()


def test_a_second_table_of_one_person_waits_and_the_lock_ends_with_its_reading(cast):
    def reading(user):
        return on_disk(SimpleUploadedFile("表.csv", GOOD), reader=user)

    with ExitStack() as first:
        first.enter_context(reading(cast.office))
        with pytest.raises(TableBusy, match="另一份表格正在读取"), reading(cast.office):
            pass
        with reading(cast.liaison) as path:
            assert path.exists()
    with reading(cast.office) as path:
        assert path.exists()
