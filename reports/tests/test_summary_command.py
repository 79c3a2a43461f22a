"""The ``summary`` command: the contract on standard output, and refusals in words."""

import json
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from issues.models import Issue
from reports.models import Summary
from reports.tests.public import published
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


def test_of_a_published_period_it_prints_what_was_published_and_compiles_nothing(world, capsys):
    with patch("reports.domain.publishing.papers_of", lambda query, read: []):
        frozen = published(world.cast).summary
    Issue.objects.filter(pk=world.issues["overdue"].pk).update(category="")
    for given in ({}, {"as_of": str(frozen.as_of)}):
        call_command("summary", campaign="QH2022", period="2022-06", json=True, **given)
        said = capsys.readouterr()
        assert json.loads(said.out) == frozen.data
        assert "2022年6月第 1 版已由测试office于" in said.err
        assert "没有重新汇总" in said.err
    with pytest.raises(CommandError, match="已印发，不能重新汇总"):
        call_command("summary", campaign="QH2022", period="2022-06", as_of="2022-07-01")
    assert Summary.objects.get() == frozen


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
