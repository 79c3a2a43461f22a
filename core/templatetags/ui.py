"""The parts every page is made of. A builtin library: no template needs to load it. List of parts: docs/look.md."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from core.searching import masked_params
from core.tones import ALERT_ICON, look_of

register = template.Library()

DASH = "—"
SPRITE = "vendor/bootstrap-icons/icons.svg"
ALERT_TONE = {"debug": "muted", "info": "info", "success": "success", "warning": "warn", "error": "danger"}


@lru_cache(maxsize=8)
def _sprite_of(backend: str, static_url: str, debug: bool) -> str:
    return static(SPRITE)


def _sprite() -> str:
    # Hashing a name costs more than the rest of an icon, and a ledger page shows hundreds.
    return _sprite_of(settings.STORAGES["staticfiles"]["BACKEND"], settings.STATIC_URL, settings.DEBUG)


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str, css: str) -> str:
    classes = f"icon {css}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', classes, sprite, name
    )


@lru_cache(maxsize=2048)
def _badge(sprite: str, tone: str, icon: str, label: str) -> str:
    return format_html('<span class="tag tag-{}">{}<span>{}</span></span>', tone, _icon(sprite, icon, ""), label)


@register.simple_tag
def icon(name: str, css: str = "") -> str:
    """One icon of the sprite, hidden from screen readers; the text beside it carries the meaning."""
    return _icon(_sprite(), name, css)


@register.simple_tag
def badge(state, label=None, tone: str = "", icon: str = "") -> str:
    """A state as icon + label on a tone. ``tone`` and ``icon`` override the table in core.tones."""
    known_tone, known_icon = look_of(state)
    return _badge(_sprite(), tone or known_tone, icon or known_icon, str(state if label is None else label))


@register.simple_tag
def alert(tone: str, text, icon: str = "") -> str:
    """A one-line notice inside a page; ``tone`` is one of core.tones.TONES."""
    role = "alert" if tone == "danger" else "status"
    mark = _icon(_sprite(), icon or ALERT_ICON[tone], "")
    return format_html('<div class="notice notice-{}" role="{}">{}<div>{}</div></div>', tone, role, mark, text)


@register.filter
def message_tone(tags: str) -> str:
    """Tone of a Django message from its level tag."""
    return next((ALERT_TONE[tag] for tag in str(tags).split() if tag in ALERT_TONE), "info")


@register.filter
def tone_icon(tone: str) -> str:
    """Icon that goes with a tone."""
    return ALERT_ICON.get(tone, "info-circle")


# --- values ---------------------------------------------------------------------------------


@register.filter
def or_dash(value):
    """The value, or — for None and empty text. Zero stays 0."""
    return DASH if value is None or value == "" else value


def _local(value):
    if isinstance(value, datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    return value


@register.filter
def localdate(value) -> str:
    """A date or moment as 2022-06-20 in Asia/Shanghai; — for None."""
    value = _local(value)
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else or_dash(value)


@register.filter
def moment(value) -> str:
    """A moment as 2022-06-20 14:30 in Asia/Shanghai; a plain date without the time; — for None."""
    value = _local(value)
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else localdate(value)


@register.filter
def cndate(value) -> str:
    """A date or moment as 2022年6月20日 in Asia/Shanghai; — for None."""
    value = _local(value)
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else or_dash(value)


@register.filter
def percent(value) -> str:
    """A rate given as a number 0–100 with one decimal (87.5 → 87.5%); — when there is no denominator (None)."""
    return DASH if value is None or value == "" else f"{float(value):.1f}%"


@register.filter
def get(mapping, key):
    """``mapping[key]`` for a key held in a variable; None when absent."""
    return mapping.get(key) if mapping else None


# --- parts of a page ------------------------------------------------------------------------


@register.inclusion_tag("partials/page_head.html", takes_context=True)
def page_head(context, title, subtitle="", back_url="", back_label="", **action):
    """Where am I and what is next: back link, title, line below it, state badge and the one primary action.

    Keywords: state, state_label (badge beside the title), action_url, action_label, action_icon (primary button),
    action_form (id of the form the button submits instead of a link), second_url, second_label, second_icon.
    """
    known = ("state", "state_label", "action_url", "action_label", "action_icon", "action_form")
    known += ("second_url", "second_label", "second_icon")
    parts = {name: action.pop(name, "") for name in known}
    if action:
        raise template.TemplateSyntaxError(f"page_head: unknown argument {', '.join(action)}")
    crumbs = context.get("crumbs", ())
    return parts | {
        "title": title, "subtitle": subtitle, "back_url": back_url, "back_label": back_label, "crumbs": crumbs,
    }  # fmt: skip


@register.inclusion_tag("partials/empty_state.html")
def empty_state(title, hint="", action_url="", action_label="", icon="inbox", action_icon="plus-lg"):
    """Nothing here yet: says so, says what to do, offers the action."""
    return {
        "title": title, "hint": hint, "icon": icon,
        "action_url": action_url, "action_label": action_label, "action_icon": action_icon,
    }  # fmt: skip


@register.inclusion_tag("partials/stat.html")
def stat(label, value, unit="", definition="", url="", tone="neutral", note="", icon=""):
    """One figure: ``url`` opens the rows counted, ``definition`` says numerator, denominator and as-of."""
    return {
        "label": label, "value": or_dash(value), "unit": unit, "definition": definition,
        "url": url, "tone": tone, "note": note, "icon": icon,
    }  # fmt: skip


@register.simple_tag
def fact(label, value, url="", wide=False) -> str:
    """One line of a ``<dl class="facts">``: label, value or —, optionally a link; ``wide`` takes a whole row."""
    shown = conditional_escape(or_dash(value))
    if url:
        shown = format_html('<a href="{}">{}</a>', url, shown)
    css = "fact fact-wide" if wide else "fact"
    return format_html('<div class="{}"><dt>{}</dt><dd>{}</dd></div>', css, label, shown)


@register.inclusion_tag("partials/timeline.html")
def timeline(events, label="经过"):
    """History, in the order given. An event has at, title, actor, unit, note, state, icon, tone, files."""
    return {"events": events, "label": label}


@register.filter
def event_look(event) -> dict:
    """Tone and icon of a timeline event: its own, else those of its state."""
    read = event.get if isinstance(event, dict) else lambda name, default="": getattr(event, name, default)
    tone, mark = look_of(read("state", "") or "")
    return {"tone": read("tone", "") or tone, "icon": read("icon", "") or mark}


@register.inclusion_tag("partials/file_tile.html")
def file_tile(url, caption="", thumb="", meta="", kind="image", remove_url=""):
    """A stored file: picture (``thumb``) or file icon, caption, small print; opens in a new tab.

    ``kind``: image, pdf, word, excel, audio, video or file. ``remove_url`` adds a POST button 移除.
    """
    marks = {"word": "file-earmark-word", "excel": "file-earmark-excel", "image": "image", "video": "play-circle"}
    return {
        "url": url, "caption": caption, "thumb": thumb, "meta": meta, "remove_url": remove_url,
        "icon": marks.get(kind, "file-earmark-text"),
    }  # fmt: skip


@register.inclusion_tag("partials/tabs.html")
def tabs(items, label="分类"):
    """Saved filters as tabs. Item: {label, url, active, count (optional), tone (optional)}."""
    return {"items": items, "label": label}


@register.inclusion_tag("partials/progress.html")
def progress(value, total, label="", tone="info"):
    """A bar with its figure in words: ``value`` of ``total``."""
    return {"value": value or 0, "total": total or 0, "label": label, "tone": tone}


@register.inclusion_tag("partials/job.html")
def job_card(job, url):
    """A background job: ``url`` answers JSON {state, state_label, progress, total, message, result_url, file_name}."""
    return {"job": job, "url": url}


# --- lists ----------------------------------------------------------------------------------


def _query(context, **changes) -> str:
    params = masked_params(context["request"].GET)
    for key in ("page", "after", "before"):
        params.pop(key, None)
    for key, value in changes.items():
        params[key] = value
    return f"?{params.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_th(context, key: str, label: str, css: str = "", param: str = "sort") -> str:
    """A sortable column head: first press ascending, second descending; keeps the filters, drops the page."""
    now = context["request"].GET.get(param) or context.get("sort", "")
    state, mark = "none", "arrow-down-up"
    if now == key:
        state, mark = "ascending", "sort-up"
    elif now == f"-{key}":
        state, mark = "descending", "sort-down"
    url = _query(context, **{param: f"-{key}" if state == "ascending" else key})
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a class="sort" href="{}">{}{}</a></th>',
        css, state, url, label, _icon(_sprite(), mark, ""),
    )  # fmt: skip


@register.inclusion_tag("partials/pager.html")
def pager(page, unit="条"):
    """Below a list of rows counted in ``unit``.

    ``page``: dict or object with total, first, last (row numbers shown), prev_url, next_url and
    links, a list of {label, url, current} (empty beyond page 20, where only 上一页/下一页 remain)."""
    return {"page": page, "unit": unit}


@register.inclusion_tag("partials/filter_bar.html", takes_context=True)
def filter_bar(context, form, clear_url="?", keep="", lead=1, label="筛选"):
    """A GET form over the fields of ``form`` (a filterset's form). The first ``lead`` fields stay visible on a phone.

    ``keep``: comma-separated query keys carried along unchanged (tab, sort, cols).
    """
    query = context["request"].GET
    kept = [(key, value) for key in keep.split(",") if key.strip() for value in query.getlist(key.strip())]
    fields = form.visible_fields()
    used = sum(1 for field in fields[lead:] if any(query.getlist(field.html_name)))
    return {
        "form": form, "fields": fields[:lead], "more": fields[lead:], "kept": kept, "label": label,
        "clear_url": clear_url, "used": used, "any_used": used or any(query.get(f.html_name) for f in fields[:lead]),
    }  # fmt: skip


@register.inclusion_tag("partials/data_table.html")
def data_table(columns, rows, caption="", foot=None, scroll=False):
    """A plain table from data. Column: {key, label, kind, css}; row: dict of values, with ``<key>_url`` for a link.

    kind: text (default), title (bold, first in the card on a phone), num, date, moment, percent, badge (the value is a
    (state, label) pair). ``foot`` is one more row; ``scroll`` lets a wide table scroll sideways.
    """
    return {"columns": columns, "rows": rows, "caption": caption, "foot": foot, "scroll": scroll}


@register.simple_tag
def cell(row, column) -> str:
    """One ``<td>`` of data_table."""
    key, kind = column["key"], column.get("kind", "text")
    value = row.get(key)
    if kind == "badge":
        shown = badge(*value) if value else DASH
    else:
        shown = {"date": localdate, "moment": moment, "percent": percent}.get(kind, or_dash)(value)
    if row.get(f"{key}_url") and value is not None:
        shown = format_html('<a href="{}">{}</a>', row[f"{key}_url"], shown)
    css = {"title": "cell-title", "num": "num", "percent": "num", "badge": "cell-badge"}.get(kind, "")
    css = f"{css} {column.get('css', '')}".strip()
    return format_html('<td class="{}" data-label="{}">{}</td>', css, column["label"], shown)


# --- forms ----------------------------------------------------------------------------------

LOOKS = ("", "chips", "tiles", "inline", "photos")


@register.inclusion_tag("partials/field.html")
def field(bound, look="", label=None, help=None, hide_label=False, css="", **attrs):
    """One form field: label, 必填 mark, help, control, error at the field.

    ``look``: chips (radio or checkbox choices as pills), tiles (large pills, easy to touch), inline (label
    beside), photos (file input that shrinks and previews pictures). Other keywords become attributes of the control
    (``placeholder``, ``rows``, ``inputmode``; ``_`` is written ``-``).
    """
    if look not in LOOKS:
        raise template.TemplateSyntaxError(f"field: unknown look {look!r}")
    extra = {name.replace("_", "-"): value for name, value in attrs.items()}
    if look == "photos":
        extra |= {"data-photos": True, "accept": "image/*,image/heic,image/heif"}
    multiple = bound.use_fieldset
    return {
        "field": bound, "control": bound.as_widget(attrs=extra), "look": look, "css": css, "multiple": multiple,
        "label": bound.label if label is None else label, "help": mark_safe(bound.help_text) if help is None else help,
        "hide_label": hide_label, "pick": "拍照或选择照片", "single_check": bound.widget_type == "checkbox",
        "stored_now": getattr(bound.form, "stored_now", {}).get(bound.name),
    }  # fmt: skip


@register.inclusion_tag("partials/form_errors.html")
def form_errors(form):
    """Above a form: how many fields need attention, each a link to its field, and errors of the form as a whole."""
    return {"form": form, "bad": [bound for bound in form if bound.errors]}


@register.simple_tag
def chips(items) -> str:
    """Short words side by side. Item: text, or (text, url)."""
    parts = []
    for item in items:
        text, url = item if isinstance(item, (tuple, list)) else (item, "")
        parts.append((format_html('<a href="{}">{}</a>', url, text) if url else conditional_escape(text),))
    return format_html('<ul class="chip-list">{}</ul>', format_html_join("", "<li>{}</li>", parts)) if parts else DASH


@register.simple_tag
def nl(text) -> str:
    """Typed text with its line breaks, or —."""
    if not text:
        return DASH
    return mark_safe("<br>".join(conditional_escape(line) for line in str(text).splitlines()))
