"""Word papers from templates: the one place that fills a .docx file.

Same template, same context: same bytes. The context holds strings, numbers and lists and mappings of these, nothing
that has behaviour; the template language runs in its sandbox, so that a template an office brought can do no more than
put text in its place.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from docx.image.image import Image
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.docx_layout import CREATED
from core.personal_data import mask
from core.text import clean

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Width and height in mm: with their captions two pictures stand on a page.
PICTURE_MM = (130, 86)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
# XML holds every character but these two.
_NONCHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")
Plain = str | int | float | None | list | Mapping


class TemplateFault(ValueError):
    """A template that cannot be filled; the message is in words for the person who brought it."""


def fill(template: bytes, context: Mapping[str, Plain], pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The template with the context in its places, as a .docx file. Raises TemplateFault naming what is wrong.

    ``pictures``: {name: JPEG of our own making}; a mark ``{{ pictures[name] }}`` puts one in, as large as fits into
    ``PICTURE_MM``.
    """
    paper, values = DocxTemplate(io.BytesIO(template)), _plain(context)
    if pictures:
        values["pictures"] = {name: _picture(paper, content) for name, content in pictures.items()}
    environment = _Environment(undefined=StrictUndefined)
    environment.globals.clear()
    try:
        paper.render(values, jinja_env=environment, autoescape=True)
    except UndefinedError as error:
        raise TemplateFault(f"模板中的占位符无法识别：{error.message}") from error
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise TemplateFault(f"模板中的标记有误：{error}") from error
    known = paper.docx.core_properties
    known.created = known.modified = CREATED
    known.last_modified_by, known.revision = "", 1
    file = io.BytesIO()
    paper.save(file)
    return with_fixed_times(file.getvalue())


def _picture(paper: DocxTemplate, content: bytes) -> InlineImage:
    known, (width, height) = Image.from_blob(content), PICTURE_MM
    is_wide = known.px_width * height >= known.px_height * width
    size = {"width": Mm(width)} if is_wide else {"height": Mm(height)}
    return InlineImage(paper, io.BytesIO(content), **size)


def with_fixed_times(content: bytes) -> bytes:
    """The same package with fixed times and order of its entries."""
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(settled, "w") as target:
        # Word reads [Content_Types].xml first.
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            target.writestr(entry, source.read(name))
    return settled.getvalue()


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, in which a name after a dot is a key of the context: ``row.items`` is no method of a dictionary."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def _plain(value: Any) -> Any:
    """The value without what is no text, number, list or mapping; text without what XML cannot hold, identity numbers
    and phones in it masked."""
    if isinstance(value, str):
        return mask(clean(value).translate(_NONCHARACTERS))
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError(f"{type(value).__name__} is no plain value")
