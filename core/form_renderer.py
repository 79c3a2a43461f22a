"""Widgets written without a template for each option: the same bytes as Django's own templates."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import escape
from django.utils.safestring import SafeData, SafeString

FOLDER = "django/forms/widgets/"
OPTION = f"{FOLDER}select_option.html"
INPUTS: tuple[str, ...] = ("input", "text", "number", "email", "password", "hidden", "date", "datetime", "time")
INPUTS += ("checkbox", "file", "tel", "search", "url", "color")


class WidgetRenderer(TemplatesSetting):
    """``FORM_RENDERER``: a select list of a county's units has hundreds of options, each of which is two templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        write = WRITERS.get(template_name)
        if write is None or not _is_plain(context["widget"]):
            return SafeString(super().render(template_name, context, request))
        return SafeString(write(context["widget"]))


def _is_plain(widget: Mapping[str, Any]) -> bool:
    """Whether every option is one of a plain list."""
    options = (option for _, group, _ in widget.get("optgroups", ()) for option in group)
    return all(option["template_name"] == OPTION for option in options)


def _attributes(attrs: Mapping[str, Any]) -> str:
    """``attrs.html``: False is left out, True stands alone."""
    given = ((escape(name), value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_as_text(value)}"' for name, value in given)


def _as_text(value: object) -> str:
    """``{{ value|stringformat:'s' }}``."""
    return str(value) if isinstance(value, SafeData) else escape(str(value))


def _as_shown(value: object) -> str:
    """``{{ value }}``."""
    shown = localize(value)
    return str(shown) if isinstance(shown, SafeData) else escape(str(shown))


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_as_text(widget["value"])}"'
    start = f'<input type="{_as_shown(widget["type"])}" name="{_as_shown(widget["name"])}"'
    return f"{start}{value}{_attributes(widget['attrs'])}>"


def _textarea(widget: Mapping[str, Any]) -> str:
    text = _as_shown(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_as_shown(widget["name"])}"{_attributes(widget["attrs"])}>\n{text}</textarea>'


def _option(option: Mapping[str, Any]) -> str:
    attributes = _attributes(option["attrs"])
    return f'<option value="{_as_text(option["value"])}"{attributes}>{_as_shown(option["label"])}</option>'


def _select(widget: Mapping[str, Any]) -> str:
    lines = [f'<select name="{_as_shown(widget["name"])}"{_attributes(widget["attrs"])}>']
    for name, options, _ in widget["optgroups"]:
        if name:
            lines.append(f'\n  <optgroup label="{_as_shown(name)}">')
        lines += [f"\n  {_option(option)}\n" for option in options]
        if name:
            lines.append("\n  </optgroup>")
    return "".join((*lines, "\n</select>"))


WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {f"{FOLDER}{kind}.html": _input for kind in INPUTS}
WRITERS |= {f"{FOLDER}select.html": _select, f"{FOLDER}textarea.html": _textarea}
