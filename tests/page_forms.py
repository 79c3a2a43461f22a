"""The forms of a page as a browser would send them, filled in with something for every field."""

from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from lxml import html

TYPED = "大厅排队两小时"


@dataclass(frozen=True)
class PageForm:
    """What a browser sends: ``action`` is the whole address, ``fields`` {name: values}; ``files`` the names of fields
    that take one, ``texts`` those a person types words into; ``button`` names and values of the one that is pressed."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    drafted: bool = False

    def with_fields(self, **fields: list[str]) -> "PageForm":
        return replace(self, fields=self.fields | fields)


def forms_of(page: str, address: str, *, typed: str = TYPED, day: str = "", password: str = "") -> list[PageForm]:
    """Every form of the page, once for each of its buttons."""
    tree = html.fromstring(page)
    found = []
    for form in tree.iter("form"):
        own = [one for one in form.iter("input", "select", "textarea", "button") if not one.get("form")]
        if form.get("id"):
            own += tree.xpath(f'//*[@form="{form.get("id")}"]')
        filled = PageForm(urljoin(address, form.get("action") or ""), (form.get("method") or "get").lower())
        filled = replace(filled, drafted=form.get("data-draft") is not None)
        buttons: list[tuple[str, str]] = []
        for one in own:
            if one.get("disabled") is not None:
                continue
            kind = _kind(one)
            if kind in ("submit", "image"):
                buttons.append((one.get("name") or "", one.get("value") or ""))
            elif one.get("name"):
                filled = _fill(filled, one, kind, typed, day, password)
        for name, value in dict.fromkeys(buttons) or [("", "")]:
            found.append(filled.with_fields(**{name: [value]}) if name else filled)
    return found


def _kind(element) -> str:
    if element.tag == "button":
        return (element.get("type") or "submit").lower()
    return (element.get("type") or "text").lower() if element.tag == "input" else element.tag


def _fill(form: PageForm, element, kind: str, typed: str, day: str, password: str) -> PageForm:
    name, value = element.get("name"), element.get("value") or ""
    fields, kinds = form.fields, form.kinds | {name: kind}
    if kind in ("button", "reset"):
        return form
    if kind == "file":
        return replace(form, files=form.files | {name: element.get("accept") or ""}, kinds=kinds)
    if kind in ("checkbox", "radio"):
        chosen = fields.get(name, [])
        taken = [value or "on"] if element.get("checked") is not None or not chosen else []
        values = taken or chosen if kind == "radio" else chosen + taken
        return replace(form, fields=fields | {name: values}, kinds=kinds)
    if kind == "select":
        return replace(form, fields=fields | {name: [_chosen(element)]}, kinds=kinds)
    texts = form.texts
    if kind == "textarea" or kind in ("text", "search"):
        value = (element.text or "").lstrip("\n") if kind == "textarea" else value
        if not value:
            most = int(element.get("maxlength") or 1000)
            value, texts = typed[:most], (*texts, name)
    elif kind == "password":
        value = password
    elif kind == "date":
        value = value or day
    elif kind == "datetime-local":
        value = value or f"{day}T09:00"
    elif kind == "month":
        value = value or day[:7]
    elif kind == "number":
        value = value or element.get("min") or "1"
    elif kind == "email":
        value = value or "mail@example.org"
    elif kind == "url":
        value = value or "https://example.org/"
    elif kind == "tel":
        value = value or "13800001111"
    return replace(form, fields=fields | {name: [*fields.get(name, []), value]}, texts=texts, kinds=kinds)


def _chosen(select) -> str:
    options = [one for one in select.iter("option") if one.get("disabled") is None]
    chosen = next((one for one in options if one.get("selected") is not None), None)
    values = [one.get("value") if one.get("value") is not None else (one.text or "").strip() for one in options]
    if chosen is not None and chosen.get("value"):
        return chosen.get("value")
    return next((value for value in values if value), "")
