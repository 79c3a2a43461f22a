import pytest

from accounts.models import User
from evidence.models import StoredFile


@pytest.fixture
def actor(db):
    return User.objects.create_user("liaison", name="李联络")


@pytest.fixture
def root(settings, tmp_path):
    """An empty MEDIA_ROOT."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def files_on_disk(root):
    return lambda: sorted(path for path in root.rglob("*") if path.is_file())


@pytest.fixture
def nothing_kept(files_on_disk):
    """Call it after a refusal: no row, no file, no part of a file."""

    def check():
        assert files_on_disk() == []
        assert StoredFile.objects.count() == 0

    return check
