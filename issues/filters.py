"""What the ledger can be filtered by; every filter stands in the URL. A value that is no choice is left out."""

import django_filters as df
from django import forms

from core.forms import DayInput
from core.searching import searched
from issues.domain.carried import carried_q
from issues.domain.cooperation import help_awaits_q, with_open_help
from issues.domain.ledger import FilterChoices, overdue
from issues.domain.overdue import overdue_q
from issues.domain.queries import with_open_extension
from issues.domain.search import found_by
from issues.domain.stale import stale_q
from issues.enums import CLOSED_STATES, MARK_LABELS, CauseDepth, IssueSource, IssueState

GROUPS = {"open": {"open_key": 1}, "done": {"state__in": CLOSED_STATES}}
STATES = (
    ("open", "未销号（全部）"),
    ("done", "已销号（含回头看通过）"),
    *((state.value, state.label) for state in IssueState if state != IssueState.DRAFT),
)


def _choice(label: str, method: str | None = None, field_name: str | None = None, choices=()):
    return df.ChoiceFilter(
        label=label,
        field_name=field_name,
        method=method,
        choices=choices,
        empty_label="全部",
        error_messages={"invalid_choice": "没有这一选项"},
    )


def _day(label: str, lookup: str):
    return df.DateFilter(
        label=label,
        field_name="due_key",
        lookup_expr=lookup,
        widget=DayInput(),
        error_messages={"invalid": "应为 2022-06-20 这样的日期"},
    )


class LedgerFilter(df.FilterSet):
    """Over a queryset of visible issues. ``choices`` are those of the same person (``ledger.filter_choices``)."""

    q = df.CharFilter(label="关键词", method="by_text", max_length=100)
    unit = _choice("责任单位", field_name="responsible_department_id")
    state = _choice("状态", method="by_state", choices=STATES)
    overdue = _choice("逾期", method="by_overdue", choices=(("1", "已逾期"), ("0", "未逾期")))
    due_awaits = _choice("待确认时限", method="by_due_awaits", choices=(("1", "待确认"), ("0", "没有")))
    extension = _choice("延期申请", method="by_extension", choices=(("1", "待答复"), ("0", "没有待答复的")))
    mark = _choice("标记", method="by_mark", choices=tuple(MARK_LABELS.items()))
    depth = _choice("问题层次", field_name="cause_depth", choices=CauseDepth.choices)
    stale = _choice("停滞", method="by_stale", choices=(("1", "进展停滞"),))
    help = _choice("配合", method="by_help", choices=(("mine", "待本单位配合"), ("any", "有待配合的")))
    category = _choice("分类", field_name="category")
    due_from = _day("时限从", "gte")
    due_to = _day("时限到", "lte")
    source = _choice("来源", field_name="source", choices=IssueSource.choices)
    period = _choice("期间", method="by_period")
    found_by = _choice("发现单位", field_name="discovering_department_id")
    campaign = _choice("活动", field_name="campaign__code")
    carried = _choice("上期结转", method="by_carried")

    def __init__(self, data, queryset, *, choices: FilterChoices, today):
        super().__init__(data, queryset)
        self.today, self.campaign_ids, self.reader = today, choices.campaign_ids, choices.reader
        self.carried_ids = choices.carried
        offered = {
            "unit": choices.units,
            "found_by": choices.units,
            "category": choices.categories,
            "period": choices.periods,
            "campaign": choices.campaigns,
            "carried": [(code, name) for code, name in choices.campaigns if code in choices.carried],
        }
        for name, options in offered.items():
            self.form.fields[name].choices = options
        if len(choices.campaigns) < 2:
            self.form.fields["campaign"].widget = forms.HiddenInput()
        if not choices.carried:
            self.form.fields["carried"].widget = forms.HiddenInput()
        self.form.fields["q"].widget.attrs["placeholder"] = "编号、文号、问题、事项、单位、责任人或拼音首字母"

    def by_text(self, queryset, name, value):
        return queryset.filter(found_by(value))

    def by_state(self, queryset, name, value):
        return queryset.filter(**GROUPS.get(value, {"state": value}))

    def by_overdue(self, queryset, name, value):
        return overdue(queryset, self.today) if value == "1" else queryset.exclude(overdue_q(self.today))

    def by_mark(self, queryset, name, value):
        return queryset.filter(**{value: True})

    def by_stale(self, queryset, name, value):
        return queryset.filter(stale_q(self.campaign_ids, self.today))

    def by_help(self, queryset, name, value):
        return queryset.filter(help_awaits_q(self.reader) if value == "mine" else with_open_help(), open_key=1)

    def by_due_awaits(self, queryset, name, value):
        return queryset.filter(due_proposed_on__isnull=value == "0", open_key=1)

    def by_extension(self, queryset, name, value):
        asked = with_open_extension()
        return queryset.filter(asked, open_key=1) if value == "1" else queryset.exclude(asked)

    def by_carried(self, queryset, name, value):
        return queryset.filter(carried_q(self.carried_ids[value]))

    def by_period(self, queryset, name, value):
        """Naming the campaigns, though they are all that can be seen, lets the index of periods answer."""
        return queryset.filter(period=value, campaign_id__in=self.campaign_ids)

    def words(self) -> list[str]:
        """The conditions in force, for a title: ["责任单位：县民政局", "状态：整改中"]."""
        self.form.is_valid()
        words = []
        for name, value in self.form.cleaned_data.items():
            if value not in (None, ""):
                shown = dict(getattr(self.form.fields[name], "choices", ())).get(value, value)
                words.append(f"{self.form.fields[name].label}：{searched(str(shown))}")
        return words
