"""open_served, open_thumb: what comes out is what was put in, or a clear refusal."""

import pytest

from evidence.domain.store import FileMissing, accept_photo, open_served, open_thumb
from evidence.tests import samples


@pytest.fixture
def file(actor, root):
    return accept_photo(upload=samples.upload(samples.photo("HEIF"), "大厅.HEIC"), actor=actor)


@pytest.mark.parametrize("opened", [open_served, open_thumb])
def test_copies_are_jpeg_whatever_was_sent(file, opened):
    with opened(file) as source:
        assert source.read(3) == b"\xff\xd8\xff"
    assert file.served_filename == "大厅.jpg"


@pytest.mark.parametrize(("opened", "name"), [(open_served, "served_name"), (open_thumb, "thumb_name")])
def test_a_missing_file_is_a_410_in_words(file, root, opened, name):
    (root / getattr(file, name)).unlink()
    with pytest.raises(FileMissing) as caught:
        opened(file)
    assert (caught.value.rule, caught.value.status) == ("file_missing", 410)
    assert "系统管理员" in caught.value.message
