"""``preview_campaign --campaign``: the same dates and duties as the page."""

import json

import pytest
from django.core.management import CommandError, call_command

from campaigns.tests.setup_page import TODAY, drafted

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]


def preview(capsys, *options) -> str:
    call_command("preview_campaign", *options)
    return capsys.readouterr().out


@pytest.mark.parametrize("code", ["CG", "QH2022"])
@pytest.mark.parametrize("whole", [False, True])
def test_it_prints_what_the_page_shows(client, cast, capsys, code, whole):
    drafted(cast)
    client.force_login(cast.office)
    page = client.get(f"/campaigns/{code}/preview/{'?all=1' if whole else ''}").context
    out = preview(capsys, "--campaign", code, "--json", *(["--all"] if whole else []))
    shown = json.loads(out)
    assert shown["campaign"] == code
    assert [(one["due_on"], one["kind"], one["who"], one["to"]) for one in shown["deadlines"]] == [
        (str(line.due_on), line.kind, line.who, line.to) for line in page["lines"]
    ]
    assert [(one["activity"], one["units"], one["receivers"], one["then"]) for one in shown["duties"]] == [
        (share.activity, list(share.units), list(share.receivers), share.then) for share in page["shares"]
    ]


def test_in_words_it_says_how_many_units_who_receives_and_who_comes_next(cast, capsys):
    drafted(cast)
    out = preview(capsys, "--campaign", "CG")
    assert "下半年活动（2022-07-01 至 2022-12-31，起草中，第 1 版）" in out
    assert "2022-07-20  报送资料  2022年7月  4 个单位及当月跟单处理单位 → 县行政审批局、县司法局" in out
    assert "走流程、坐窗口（走流程、坐窗口）：4 个单位 → 县行政审批局 → 县营商办" in out
    assert "处投诉（处投诉）：当月跟单处理单位 → 县行政审批局 → 县营商办" in out
    assert "已印发" in preview(capsys, "--campaign", "QH2022")


def test_what_has_no_date_is_listed_of_a_template_and_of_a_campaign(cast, capsys):
    wanted = "不定日期的要求：\n各单位  即时体验、跟踪体验（只作提示，不计逾期）\n统筹办  对活动开展情况督导检查\n"
    assert wanted in preview(capsys, "--campaign", "QH2022")
    window = ("--start", "2022-05-25", "--end", "2022-12-31")
    assert wanted in preview(capsys, "--template", "lantian-2022", *window)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--campaign", "NICHTS"], "没有代码为“NICHTS”的活动"),
        (["--template", "lantian-2022"], "须同时给出 --start 和 --end"),
        (["--template", "lantian-2022", "--start", "2022-01-01", "--end", "9999-12-31"], "--end .*超出范围"),
        (["--template", "fushun-2016", "--start", "0001-01-01", "--end", "2022-12-31"], "--start .*超出范围"),
        ([], "--template"),
    ],
)
def test_what_cannot_be_is_refused_in_words(options, words):
    with pytest.raises(CommandError, match=words):
        call_command("preview_campaign", *options)
