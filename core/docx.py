"""Word papers from templates: the one place that fills a .docx file.

Same template, same context: same bytes. The context holds strings, numbers and lists and mappings of these, nothing
that has behaviour; the template language runs in its sandbox, so that a template an office brought can do no more than
put text in its place.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from docx.image.image import Image
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.docx_layout import CREATED
from core.personal_data import mask
from core.text import clean

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Width and height in mm: with their captions two pictures stand on a page.
PICTURE_MM = (130, 86)
# In a form an office brought a mapping names its picture under this key: ``{{ 张.图 }}``.
PICTURE = "图"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
# XML holds every character but these two.
_NONCHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")
Plain = str | int | float | None | list | Mapping


class TemplateFault(ValueError):
    """A template that cannot be filled; the message is in words for the person who brought it."""


def fill(template: bytes, context: Mapping[str, Plain], pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The template with the context in its places, as a .docx file. Raises TemplateFault naming what is wrong.

    ``pictures``: {name: JPEG of our own making}; a mark ``{{ pictures[name] }}`` puts one in, as large as fits into
    ``PICTURE_MM``, and so does the value under ``PICTURE`` in a mapping of the context that is a name of one.
    """
    paper, values = DocxTemplate(io.BytesIO(template)), plain(context)
    if pictures:
        made = {name: _picture(paper, content) for name, content in pictures.items()}
        values = _placed(values, made) | {"pictures": made}
    try:
        paper.render(values, jinja_env=environment(), autoescape=True)
    except UndefinedError as error:
        # “'x' is undefined” or “… has no attribute 'x'”: the name is all that a person needs.
        name = (re.findall("'([^']*)'", error.message or "") or ["?"])[-1]
        raise TemplateFault(f"模板中的标记无法识别：没有“{name}”这个字段") from error
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise TemplateFault(f"模板中的标记有误：{error}") from error
    known = paper.docx.core_properties
    known.created = known.modified = CREATED
    known.last_modified_by, known.revision = "", 1
    file = io.BytesIO()
    paper.save(file)
    return with_fixed_times(file.getvalue())


def _placed(value: Any, pictures: Mapping[str, InlineImage]) -> Any:
    """The value with the pictures where their names stand under ``PICTURE``."""
    if isinstance(value, list):
        return [_placed(one, pictures) for one in value]
    if isinstance(value, Mapping):
        return {
            key: pictures.get(inner, "") if key == PICTURE else _placed(inner, pictures) for key, inner in value.items()
        }
    return value


def _picture(paper: DocxTemplate, content: bytes) -> InlineImage:
    known, (width, height) = Image.from_blob(content), PICTURE_MM
    is_wide = known.px_width * height >= known.px_height * width
    size = {"width": Mm(width)} if is_wide else {"height": Mm(height)}
    return InlineImage(paper, io.BytesIO(content), **size)


def with_fixed_times(content: bytes, change: Callable[[bytes], bytes] = bytes) -> bytes:
    """The same package with fixed times and order of its entries; ``change`` is applied to its core properties."""
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(settled, "w") as target:
        # Word reads [Content_Types].xml first.
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            part = source.read(name)
            target.writestr(entry, change(part) if name == "docProps/core.xml" else part)
    return settled.getvalue()


class Environment(ImmutableSandboxedEnvironment):
    """The sandbox without what a paper has no use for: a template may name, join, compare, loop and choose. It calls
    nothing, sets nothing, loads nothing and cannot switch the escaping off.

    A name after a dot is a key of the context: ``row.items`` is no method of a dictionary. A list of texts stands as
    one paragraph for each.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping):
            return self.getattr(obj, argument)
        if isinstance(argument, str):
            return self.undefined(obj=obj, name=argument)
        return super().getitem(obj, argument)

    def checked(self, source: str) -> nodes.Template:
        """The tree of a template that keeps to what is allowed. Raises TemplateSyntaxError."""
        tree = self.parse(source)
        for node in tree.find_all(nodes.Node):
            word = node.name if isinstance(node, nodes.Filter) else type(node).__name__
            if type(node) not in _ALLOWED or (isinstance(node, nodes.Filter) and node.name not in _FILTERS):
                raise TemplateSyntaxError(f"不允许使用 {word}", node.lineno)
        return tree

    def from_string(self, source: Any, *rest: Any, **options: Any) -> Template:
        self.checked(source)
        return super().from_string(source, *rest, **options)


_ALLOWED = frozenset(
    {
        nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
        nodes.For, nodes.If, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
        nodes.CondExpr, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.Neg, nodes.Concat, nodes.Slice,
    }
)  # fmt: skip
_FILTERS = frozenset({"default", "first", "last", "length", "count", "join", "round", "sum", "trim", "escape"})


def environment() -> Environment:
    """The one environment in which papers are filled."""
    made = Environment(undefined=StrictUndefined, finalize=_shown)
    made.globals.clear()
    return made


def _shown(value: Any) -> Any:
    """docxtpl begins a new paragraph at a bell character."""
    if isinstance(value, list):
        return "\a".join(str(one) for one in value)
    return value


def plain(value: Any) -> Any:
    """The value without what is no text, number, list or mapping; text without what XML cannot hold, identity numbers
    and phones in it masked."""
    if isinstance(value, str):
        return mask(clean(value).translate(_NONCHARACTERS))
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError(f"{type(value).__name__} is no plain value")
