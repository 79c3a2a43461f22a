"""The documents that are written from the code say what the code says."""

import sys
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db.models import TextChoices

from core.transitions import Table, Transition
from tests.architecture.imports import ROOT
from walkthrough import docs


@pytest.mark.parametrize("name", docs.documents())
def test_a_generated_document_is_up_to_date(name):
    assert (ROOT / name).read_text(encoding="utf-8") == docs.documents()[name], "run manage.py write_docs"


def test_the_command_writes_what_is_stale_and_check_only_names_it(settings, tmp_path, capsys):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"docs/state-machines\.md、docs/ledger-columns\.md"):
        call_command("write_docs", check=True)
    assert list(tmp_path.iterdir()) == []
    call_command("write_docs")
    call_command("write_docs", check=True)
    changed = tmp_path / "docs/ledger-columns.md"
    changed.write_text(changed.read_text(encoding="utf-8").replace("问题编号", "编号"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"write_docs：docs/ledger-columns\.md。"):
        call_command("write_docs", check=True)
    call_command("write_docs")
    assert docs.stale(tmp_path) == []
    assert capsys.readouterr().out.splitlines()[-1] == "已写入 docs/ledger-columns.md。"


# --- any number of machines -----------------------------------------------------------------


class Door(TextChoices):
    OPEN = "open", "开"
    SHUT = "shut", "关"
    END = "end", "拆除"


class Hand(TextChoices):
    OWNER = "owner", "业主"
    GUEST = "guest", "来客"


def key(ctx):
    """The key | or a code.

    More words.
    """


def bare(ctx):
    return {}


def door(*rows: Transition) -> docs.Machine:
    return docs.Machine("门", "Door", "doors.py", Table(rows), Door, Door.OPEN, Hand, sys.modules[__name__])


SHUT = Transition("shut", "关门", (Door.OPEN,), Door.SHUT, (Hand.OWNER, Hand.GUEST))
LOCK = Transition("lock", "上锁", (Door.OPEN,), Door.SHUT, (Hand.OWNER,), ("key",))
KNOCK = Transition("knock", "敲门", (Door.OPEN, Door.SHUT), None, (Hand.GUEST,))
SCRAP = Transition("scrap", "拆门", (Door.OPEN, Door.SHUT), Door.END, (Hand.OWNER,))


def test_each_machine_has_its_diagram_its_rows_and_the_words_of_its_guards():
    text = docs.state_machines([door(SHUT, LOCK, KNOCK, SCRAP), door(SHUT)])
    assert text.count("## 门 Door\n") == 2
    assert text.count("```mermaid\n") == 2
    first, second = text.split("## 门 Door\n")[1:]
    arrows = [line.strip() for line in first.splitlines() if "-->" in line]
    assert arrows == [
        "[*] --> s_open",
        "s_open --> s_shut: 关门、上锁",
        "s_open --> s_open: 敲门",
        "s_shut --> s_shut: 敲门",
        "s_open --> s_end: 拆门",
        "s_shut --> s_end: 拆门",
        "s_end --> [*]",
    ]
    assert "| `lock` | 上锁 | 开 | 关 | 业主 | `key` |" in first
    assert "| `knock` | 敲门 | 开、关 | （不变） | 来客 | — |" in first
    assert "| `key` | The key \\| or a code. |" in first
    assert "More words" not in first
    assert "上锁" not in second
    assert second.rstrip().endswith("None.")


def test_a_machine_may_begin_in_several_states():
    text = docs.state_machines([replace(door(SHUT), other_initials=(Door.SHUT,))])
    assert [line.strip() for line in text.splitlines() if "[*] -->" in line] == ["[*] --> s_open", "[*] --> s_shut"]


def test_a_guard_must_say_what_it_asks():
    with pytest.raises(ValueError, match="bare"):
        docs.state_machines([door(Transition("lock", "上锁", (Door.OPEN,), Door.SHUT, (Hand.OWNER,), ("bare",)))])
