"""工作日历: for 系统管理员 alone. It stands here because every change moves the due dates of campaigns."""

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import may_keep_calendar
from campaigns.domain import work_calendar
from campaigns.domain.work_calendar import CalendarChange
from campaigns.forms.calendar import DayForm, DayRemoveForm, YearChoiceForm, YearForm
from core.calendar import SpecialDay, YearState, missing_year, special_days, year_states
from core.forms import OnceForm, refusals
from core.listing import filter_notes
from core.views.tables import warn_of

BEFORE, AFTER = 2, 2
WEEKDAYS = "一二三四五六日"
ICONS = {
    YearState.OFFICIAL: "patch-check",
    YearState.ENTERED: "check2-circle",
    YearState.PROVISIONAL: "question-circle",
}
TONES = {YearState.OFFICIAL: "success", YearState.ENTERED: "success", YearState.PROVISIONAL: "warn"}


@require_safe
def calendar(request):
    _require(request.user)
    today, form = timezone.localdate(), YearChoiceForm(request.GET)
    asked = form.cleaned_data.get("year") if form.is_valid() else None
    year = asked or today.year
    years = sorted({*range(today.year - BEFORE, today.year + AFTER + 1), year})
    states = year_states(years)
    context = {
        "form": form, "year": year, "notes": filter_notes(form), "missing": missing_year(today),
        "is_provisional": states[year] == YearState.PROVISIONAL, "remove": DayRemoveForm(auto_id=False),
        "years": [_year(one, states[one], year) for one in years],
        "rows": [_row(one) for one in special_days(year)],
    }  # fmt: skip
    return render(request, "campaigns/calendar/calendar.html", context)


@require_http_methods(["GET", "POST"])
def calendar_day(request):
    _require(request.user)
    sent, initial = request.POST if request.method == "POST" else None, {"date": _day(request.GET.get("date", ""))}
    form = DayForm(sent, initial=initial, token=work_calendar.token_of_edits())
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        with refusals(form):
            change = _carry_out(
                request, form, "calendar.day",
                lambda: work_calendar.set_day(
                    day=asked["date"], is_workday=asked["works"], name=asked["name"], source=asked["source"],
                    actor=request.user, seen=form.seen_token,
                ),
            )  # fmt: skip
            messages.success(request, f"{asked['date']} 已改为{'上班' if asked['works'] else '放假'}。{change}")
            return redirect(_page(asked["date"].year))
    return render(request, "campaigns/calendar/day.html", {"form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
def calendar_year(request):
    _require(request.user)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {"year": request.GET.get("year") or missing_year(timezone.localdate())}
    form = YearForm(*sent, initial=initial, token=work_calendar.token_of_edits(), reader=request.user)
    if request.method == "POST" and form.is_valid():
        asked, found = form.cleaned_data, form.notice
        with refusals(form):
            change = _carry_out(
                request, form, "calendar.year",
                lambda: work_calendar.load_year(
                    year=asked["year"], days=list(found.days.values()), source=asked["source"], actor=request.user,
                    seen=form.seen_token,
                ),
            )  # fmt: skip
            messages.success(request, f"{asked['year']} 年放假安排已录入，共 {len(found.days)} 天。{change}")
            warn_of(request, form.notes)
            return redirect(_page(asked["year"]))
    return render(request, "campaigns/calendar/year.html", {"form": form}, status=form.status)


@require_POST
def calendar_day_remove(request, day):
    _require(request.user)
    edited = _day(day)
    form = DayRemoveForm(request.POST)
    if edited is None or not (form.is_valid() or _is_edited(edited)):
        raise Http404
    if form.is_valid():
        with refusals(form):
            change = _carry_out(
                request,
                form,
                f"calendar.remove:{day}",
                lambda: work_calendar.remove_day(day=edited, actor=request.user, seen=form.cleaned_data["seen"]),
            )
            messages.success(request, f"{edited} 的修改已撤销。{change}")
            return redirect(_page(edited.year))
    messages.error(request, "页面已过期，未改动。请在刷新后的页面上重新操作。")
    return redirect(_page(edited.year))


def _is_edited(day: date) -> bool:
    return any(one.date == day and one.is_edited for one in special_days(day.year))


def _require(user) -> None:
    if not may_keep_calendar(user):
        raise Http404


def _carry_out(request, form: OnceForm, scope: str, act) -> str:
    """Carry it out once; what follows from it, in words."""
    return form.once(request.user, scope, lambda: _words(act()))[0]


def _words(change: CalendarChange) -> str:
    if not change.days:
        return "与现行日历相同，未作改动。"
    return f"有 {change.deadlines} 项期限随之更新或待统筹办批准。" if change.deadlines else "没有期限受影响。"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(year: int) -> str:
    return f"{reverse('calendar')}?year={year}"


def _row(day: SpecialDay) -> dict:
    return {"day": day, "weekday": WEEKDAYS[day.date.weekday()], "seen": work_calendar.token_of_day(day)}


def _year(year: int, state: YearState, shown: int) -> dict:
    return {"year": year, "label": state.label, "icon": ICONS[state], "tone": TONES[state], "is_shown": year == shown}
