"""``manage.py`` run as people run it: usage and state are refused in Chinese, with status 1."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, ProgrammingError

from core.commandline import database_line, database_words
from tests.database import sqlite_copy


@pytest.fixture
def manage(tmp_path):
    def run(*words: str, **environment) -> subprocess.CompletedProcess:
        given = {"DJANGO_SETTINGS_MODULE": "walkthrough.settings", "VAR_DIR": str(tmp_path), "DATABASE_URL": ""}
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env={**os.environ, **given, **environment}, capture_output=True, text=True
        )

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import_units"], "manage.py import_units：错误：缺少参数：file, --region"),
        (["remind", "--now"], "参数 --now：后面应有一个值"),
        (["summary", "--campaign", "A", "--period", "all", "--bogus"], "无法识别的参数：--bogus"),
        (["remind", "-v", "9"], "没有 9 这一选项"),
        (["import_unit"], "没有命令“import_unit”，相近的有：import_units"),
    ],
)
def test_a_usage_error_is_said_in_chinese_with_status_1(manage, words, said):
    ended = manage(*words, LANGUAGE="en")
    assert said in ended.stderr
    assert (ended.returncode, ended.stdout) == (1, "")


def test_help_is_chinese_and_no_error(manage):
    ended = manage("remind", "--help")
    assert ended.stdout.startswith("用法：manage.py remind")
    assert ended.returncode == 0


def test_a_database_that_was_never_prepared_is_named_without_a_traceback(manage, tmp_path):
    ended = manage("summary", "--campaign", "A", "--period", "2022-06")
    assert ended.stderr == (
        f"数据库：{tmp_path / 'db.sqlite3'}\n"
        "错误：数据库还没有建好，或不是这一版的表结构，没有执行。请先运行 make run 或 manage.py prepare。\n"
    )
    assert ended.returncode == 1
    assert "Traceback" in manage("summary", "--campaign", "A", "--period", "2022-06", "--traceback").stderr


def test_a_data_folder_that_cannot_be_made_is_named(manage, tmp_path):
    (tmp_path / "file").write_text("")
    ended = manage("summary", "--campaign", "A", "--period", "2022-06", VAR_DIR=str(tmp_path / "file" / "var"))
    assert f"数据目录 VAR_DIR={tmp_path / 'file' / 'var'} 不可写（路径中有同名文件）" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 1


def test_a_file_that_is_not_there_is_said_in_chinese(manage, db, tmp_path):
    sqlite_copy(tmp_path / "db.sqlite3")
    ended = manage("import_units", "没有这个.csv", "--region", "青禾县")
    assert "无法读取文件 没有这个.csv：没有这个文件或文件夹。" in ended.stderr
    assert ended.returncode == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backup", "x.tar"], "数据库：PostgreSQL db.example:5432/walkthrough"),
        (["backup", "--help"], ""),
        (["preview_campaign"], ""),
        ([], ""),
    ],
)
def test_every_command_says_which_database_it_uses_and_never_its_password(monkeypatch, words, said):
    database = {"ENGINE": "django.db.backends.postgresql", "HOST": "db.example", "PORT": 5432, "NAME": "walkthrough"}
    monkeypatch.setattr(settings, "DATABASES", {"default": database | {"USER": "u", "PASSWORD": "secret"}})
    assert database_line(["manage.py", *words]) == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("unable to open database file"), "数据库文件打不开"),
        (OperationalError("database is locked"), "数据库正忙"),
        (OperationalError("connection failed"), "数据库连接不上"),
        (ProgrammingError("syntax error"), ""),
        (DatabaseError("value too long"), ""),
    ],
)
def test_what_is_a_fault_of_ours_is_not_dressed_up(error, said):
    assert database_words(error).startswith(said)
    assert bool(database_words(error)) is bool(said)
