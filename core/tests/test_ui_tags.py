"""The parts every page is made of: what they print, what they refuse, and that every icon they name exists."""

import ast
import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from core.templatetags import ui
from core.tones import ALERT_ICON, STATE_LOOK, TONES, UNKNOWN
from home.views.home import ADMIN_DUTIES
from issues.domain.timeline import NOTE_LOOKS
from issues.views.walk_acts import ACTS
from walkthrough.context import ADMIN_NAV, STAFF_NAV

ROOT = settings.BASE_DIR
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = set(
    re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/vendor/bootstrap-icons/icons.svg").read_text(encoding="utf-8"))
)
PYTHON = [
    path
    for apps in sorted(ROOT.glob("*/apps.py"))
    for path in sorted(apps.parent.rglob("*.py"))
    if "tests" not in path.parts and "migrations" not in path.parts
]


def render(text: str, **context) -> str:
    request = context.pop("request", None) or RequestFactory().get(context.pop("at", "/"))
    return Template(text).render(Context({"request": request, **context}))


# --- icons ----------------------------------------------------------------------------------


def icons_in_templates() -> set[str]:
    found = set()
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'{%\s*icon\s+"([\w-]+)"', text))
        found |= set(re.findall(r'\b(?:icon|action_icon|second_icon)="([\w-]+)"', text))
    return found


def icons_in_python() -> set[str]:
    """Words given to a parameter or key whose name ends in ``icon``, and those of the tables of looks."""
    found = set()
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and (node.arg or "").endswith("icon"):
                found |= {part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant)}
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_icon":
                found |= {arg.value for arg in node.args[1:2] if isinstance(arg, ast.Constant)}
            if isinstance(node, ast.FunctionDef):
                names = [arg.arg for arg in node.args.args][-len(node.args.defaults) or None :]
                pairs = zip(names, node.args.defaults, strict=False)
                found |= {
                    value.value for arg, value in pairs if arg.endswith("icon") and isinstance(value, ast.Constant)
                }
    return {word for word in found if isinstance(word, str) and word}


def test_every_icon_a_template_names_is_in_the_sprite():
    assert icons_in_templates() - SPRITE == set()


def test_every_icon_the_code_names_is_in_the_sprite():
    assert icons_in_python() - SPRITE == set()


def test_every_icon_of_the_navigation_and_of_the_acts_is_in_the_sprite():
    navigation = [entry for entries in (STAFF_NAV, *ADMIN_NAV.values()) for entry in entries]
    named = {icon for _, _, icon, _ in navigation} | {duty[-1] for duty in ADMIN_DUTIES.values()}
    named |= {act.icon for act in ACTS.values()} | {icon for _, icon in NOTE_LOOKS.values()}
    assert named - SPRITE == set()


def test_every_icon_of_a_state_or_notice_is_in_the_sprite():
    looks = {icon for _, icon in STATE_LOOK.values()} | {UNKNOWN[1], *ALERT_ICON.values()}
    assert looks - SPRITE == set()
    assert {tone for tone, _ in STATE_LOOK.values()} <= set(TONES)
    assert set(ALERT_ICON) == set(TONES)


@pytest.mark.parametrize("kind", ["image", "pdf", "word", "excel", "audio", "video", "file"])
def test_every_kind_of_file_has_an_icon_of_the_sprite(kind):
    shown = render('{% file_tile "/x" kind=kind %}', kind=kind)
    assert set(re.findall(r"icons\.svg#([\w-]+)", shown)) <= SPRITE


def test_an_icon_is_hidden_from_screen_readers():
    shown = render('{% icon "search" "big" %}')
    assert 'class="icon big"' in shown
    assert 'aria-hidden="true"' in shown
    assert "bootstrap-icons/icons.svg#search" in shown


# --- values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("{{ value|or_dash }}", None, "—"),
        ("{{ value|or_dash }}", "", "—"),
        ("{{ value|or_dash }}", 0, "0"),
        ("{{ value|localdate }}", date(2022, 6, 20), "2022-06-20"),
        ("{{ value|localdate }}", datetime(2022, 6, 19, 17, 0, tzinfo=UTC), "2022-06-20"),
        ("{{ value|localdate }}", None, "—"),
        ("{{ value|moment }}", datetime(2022, 6, 19, 17, 5, tzinfo=UTC), "2022-06-20 01:05"),
        ("{{ value|moment }}", date(2022, 6, 20), "2022-06-20"),
        ("{{ value|cndate }}", datetime(2022, 6, 19, 17, 0, tzinfo=UTC), "2022年6月20日"),
        ("{{ value|cndate }}", None, "—"),
        ("{{ value|percent }}", 87.5, "87.5%"),
        ("{{ value|percent }}", 0, "0.0%"),
        ("{{ value|percent }}", None, "—"),
        ("{% nl value %}", "一<b>\n二", "一&lt;b&gt;<br>二"),
        ("{% nl value %}", "", "—"),
    ],
)
def test_a_value_is_shown_in_the_one_way(text, value, shown):
    assert render(text, value=value) == shown


# --- parts ----------------------------------------------------------------------------------


def test_a_badge_carries_tone_icon_and_words():
    shown = render('{% badge "overdue" "已逾期 3 天" %}')
    assert 'class="tag tag-danger"' in shown
    assert "#exclamation-triangle-fill" in shown
    assert "已逾期 3 天" in shown


def test_a_badge_of_an_unknown_state_is_neutral_and_escaped():
    shown = render("{% badge state %}", state="<b>")
    assert "tag-neutral" in shown
    assert "&lt;b&gt;" in shown


@pytest.mark.parametrize(("tone", "role"), [("danger", "alert"), ("warn", "status")])
def test_a_notice_tells_its_urgency_to_screen_readers(tone, role):
    assert f'role="{role}"' in render("{% alert tone 'x' %}", tone=tone)


def test_a_page_head_has_the_title_the_way_back_and_one_primary_action():
    shown = render(
        '{% page_head "问题台账" "副题" back_url="/a" back_label="返回" action_url="/b" action_label="新建" %}'
    )
    assert shown.count("<h1") == 1
    assert shown.count("btn-primary") == 1
    assert 'href="/a"' in shown


def test_a_page_head_refuses_a_word_it_does_not_know():
    with pytest.raises(TemplateSyntaxError, match="action_lable"):
        render('{% page_head "x" action_lable="y" %}')


def test_an_empty_state_says_what_to_do():
    shown = render('{% empty_state "没有" hint="先做这个" action_url="/go" action_label="去做" %}')
    for part in ("没有", "先做这个", 'href="/go"', "去做"):
        assert part in shown


def test_a_figure_opens_its_rows_and_carries_its_definition():
    shown = render('{% stat "整改率" "87.5" unit="%" definition="分子÷分母" url="/rows" %}')
    assert 'href="/rows"' in shown
    assert "分子÷分母" in shown
    assert "整改率 87.5%，查看明细" in shown


def test_a_figure_without_a_value_is_a_dash_not_a_zero():
    assert "—" in render('{% stat "整改率" value %}', value=None)


def test_a_fact_escapes_its_value():
    assert "<i>" not in render('{% fact "备注" value %}', value="<i>")


def test_a_timeline_shows_who_when_and_what_was_said():
    noon = datetime(2022, 6, 20, 4, 0, tzinfo=UTC)
    event = {"at": noon, "title": "签收", "actor": "张三", "note": "一\n二", "state": "closed"}
    shown = render("{% timeline events %}", events=[event])
    for part in ("签收", "张三", "2022-06-20 12:00", "一<br>二", "tl-success"):
        assert part in shown
    assert "尚无记录" in render("{% timeline events %}", events=[])


def test_a_table_cell_links_formats_and_names_its_column():
    columns = [
        {"key": "name", "label": "单位", "kind": "title"},
        {"key": "rate", "label": "整改率", "kind": "percent"},
        {"key": "state", "label": "状态", "kind": "badge"},
    ]
    rows = [{"name": "县<局>", "name_url": "/u", "rate": None, "state": ("closed", "已销号")}]
    shown = render('{% data_table columns rows caption="表" %}', columns=columns, rows=rows)
    assert '<a href="/u">县&lt;局&gt;</a>' in shown
    assert 'data-label="整改率">—</td>' in shown
    assert "tag-success" in shown


# --- lists ----------------------------------------------------------------------------------


def test_a_column_head_turns_the_order_round_and_keeps_the_filters():
    first = render('{% sort_th "due" "时限" %}', at="/?unit=3&page=9")
    assert 'href="?unit=3&amp;sort=due"' in first
    assert 'aria-sort="none"' in first
    again = render('{% sort_th "due" "时限" %}', at="/?sort=due")
    assert 'href="?sort=-due"' in again
    assert 'aria-sort="ascending"' in again


def test_a_pager_of_one_page_only_counts():
    shown = render("{% pager page %}", page={"total": 3, "first": 1, "last": 3})
    assert "共 <b>3</b> 条</p>" in shown
    assert "下一页" not in shown


def test_a_pager_with_more_pages_says_which_rows_are_shown():
    shown = render("{% pager page %}", page={"total": 80, "first": 1, "last": 50, "next_url": "?page=2"})
    assert "本页第 1–50 条" in shown
    assert '<a rel="next" href="?page=2">' in shown


# --- forms ----------------------------------------------------------------------------------


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="写全名")
    agree = forms.BooleanField(label="同意")
    stage = forms.ChoiceField(label="环节", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)


def test_a_field_ties_label_help_and_error_to_its_control():
    form = Sample({"name": "", "agree": "on", "stage": "a"})
    form.full_clean()
    shown = render("{% field form.name placeholder='如' %}", form=form)
    assert '<label for="id_name">姓名' in shown
    assert 'id="id_name_helptext"' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_name_error"' in shown
    assert 'placeholder="如"' in shown


def test_choices_stand_in_a_fieldset_with_a_legend():
    shown = render('{% field form.stage look="chips" %}', form=Sample())
    assert "<legend>环节" in shown
    assert shown.count('type="radio"') == 2
    assert "field-chips" in shown


def test_a_single_tick_stands_before_its_label():
    shown = render("{% field form.agree %}", form=Sample())
    assert shown.index("checkbox") < shown.index("同意")


def test_a_look_that_does_not_exist_is_refused():
    with pytest.raises(TemplateSyntaxError, match="pills"):
        render('{% field form.stage look="pills" %}', form=Sample())


def test_errors_above_a_form_lead_to_their_fields():
    form = Sample({})
    form.full_clean()
    shown = render("{% form_errors form %}", form=form)
    assert "有 3 处需要修改" in shown
    assert 'href="#id_name"' in shown


def test_a_filter_bar_keeps_what_it_does_not_show_and_offers_to_clear():
    class Filters(forms.Form):
        q = forms.CharField(required=False, label="查找")
        unit = forms.CharField(required=False, label="单位")

    request = RequestFactory().get("/?q=x&tab=mine&unit=")
    shown = render('{% filter_bar form keep="tab" %}', form=Filters(request.GET), request=request)
    assert '<input type="hidden" name="tab" value="mine">' in shown
    assert "清除" in shown


def test_the_tags_are_there_without_loading_a_library():
    assert "core.templatetags.ui" in settings.TEMPLATES[0]["OPTIONS"]["builtins"]
    assert ui.look_of("closed") == STATE_LOOK["closed"]
