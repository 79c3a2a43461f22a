"""A state machine as a table of rows."""

import pytest

from core.transitions import Table, Transition

OPEN = Transition("open", "开启", ("draft",), "open", ("owner",))
NOTE = Transition("note", "说明", ("open", "closed"), None, ("owner",), tone="quiet")
CLOSE = Transition("close", "关闭", ("open",), "closed", ("owner",))
TABLE = Table((OPEN, NOTE, CLOSE))


def test_rows_are_found_by_action_and_by_state_in_the_order_of_the_table():
    assert list(TABLE) == [OPEN, NOTE, CLOSE]
    assert len(TABLE) == 3
    assert TABLE.by_action["close"] is CLOSE
    assert TABLE.from_state("open") == [NOTE, CLOSE]
    assert TABLE.from_state("closed") == [NOTE]
    assert TABLE.from_state("gone") == []
    assert TABLE.open_to({"owner", "guest"}, "open") == [NOTE, CLOSE]
    assert TABLE.open_to({"guest"}, "open") == []


def test_the_states_of_some_actions_are_each_named_once():
    assert TABLE.sources_of("close") == ("open",)
    assert TABLE.sources_of("open", "note", "close") == ("draft", "open", "closed")
    with pytest.raises(KeyError):
        TABLE.sources_of("gone")


def test_a_row_without_a_target_stays_in_its_state():
    assert (CLOSE.target_from("open"), NOTE.target_from("open"), NOTE.target_from("closed")) == (
        "closed",
        "open",
        "closed",
    )


def test_two_rows_of_one_action_are_refused():
    with pytest.raises(ValueError, match="close"):
        Table((CLOSE, OPEN, CLOSE))
