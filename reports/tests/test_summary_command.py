"""The ``summary`` command: the contract on standard output, and refusals in words."""

import json

import pytest
from django.core.management import CommandError, call_command

from reports.models import Summary
from reports.tests.test_tally import JUNE
from reports.tests.world import AS_OF


def test_json_is_the_contract_and_nothing_else(world, capsys):
    call_command("summary", campaign="QH2022", period="2022-06", as_of=str(AS_OF), json=True)
    out = capsys.readouterr().out
    assert json.loads(out) == JUNE
    assert list(json.loads(out)) == list(JUNE)


def test_it_compiles_without_publishing(world):
    call_command("summary", campaign="QH2022", period="all", json=True)
    summary = Summary.objects.get()
    assert (summary.period, summary.state, summary.compiled_by) == ("all", "compiled", None)


def test_in_words_it_tells_the_main_figures(world, capsys):
    call_command("summary", campaign="QH2022", period="2022-06", as_of=str(AS_OF))
    out = capsys.readouterr().out
    assert "发现问题 9 个，立行立改 1 个，已销号 4 个，逾期 1 个" in out
    assert "整改率 44.4%" in out


def test_a_period_without_anything_has_no_rate(world, capsys):
    call_command("summary", campaign="QH2022", period="2022-08")
    assert "整改率 —" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"campaign": "NONE", "period": "2022-06"}, "没有代码为“NONE”的活动"),
        ({"campaign": "QH2022", "period": "2022-13"}, "2022-13"),
        ({"campaign": "QH2022", "period": "2022-06", "as_of": "25日"}, "--as-of 的值“25日”无法识别"),
    ],
)
def test_what_it_cannot_read_is_named(world, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("summary", **options)
    assert not Summary.objects.exists()
