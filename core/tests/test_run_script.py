"""``make run`` never gives data another key."""

import shutil
import subprocess

from django.conf import settings


def test_no_new_key_is_made_beside_an_existing_database(tmp_path):
    (tmp_path / "scripts").mkdir()
    shutil.copy(settings.BASE_DIR / "scripts" / "run.sh", tmp_path / "scripts" / "run.sh")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "db.sqlite3").write_bytes(b"data")
    ended = subprocess.run([tmp_path / "scripts" / "run.sh"], capture_output=True, text=True)
    assert ended.returncode == 1
    assert "请把原来的 .env 放回本目录" in ended.stderr
    assert not (tmp_path / ".env").exists()
