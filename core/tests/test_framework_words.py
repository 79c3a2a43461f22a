"""What the framework itself says to a person is in official wording too (locale/zh_Hans, locale/zh_CN)."""

import ast
import gettext
import inspect
import re

import pytest
from django import forms
from django.conf import settings
from django.core import validators
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import fields, models

from core.forms import OnceForm, TextField

CATALOGUES = sorted((settings.BASE_DIR / "locale").rglob("*.po"))
# Marks of the framework's own translation, and English words left in it.
UNOFFICIAL = re.compile(
    "确保|确认小数|有效的|字段|变量|字符|是用|一系列|所提交|null|输入一个|[a-zA-Z]{4,} [a-zA-Z]{2,}"
)


class Example(OnceForm):
    text = TextField(min_length=3, max_length=5)
    word = forms.CharField(validators=[validators.RegexValidator("^a")])
    kind = forms.ChoiceField(choices=[("a", "甲")])
    kinds = forms.MultipleChoiceField(choices=[("a", "甲")])
    number = forms.IntegerField(min_value=2, max_value=9)
    share = forms.DecimalField(max_digits=4, decimal_places=1)
    day = forms.DateField()
    moment = forms.DateTimeField()
    file = forms.FileField(max_length=5)


def faults(files=None, **data) -> dict[str, str]:
    form = Example(data, files or {})
    return {name: "".join(messages) for name, messages in form.errors.items()}


def test_nothing_typed_says_what_is_needed():
    found = faults()
    assert set(found.values()) == {"此项必填。"}
    assert len(found) == 9


def test_what_was_typed_wrong_says_what_it_should_be():
    found = faults(
        text="太长的一段文字",
        word="b",
        kind="x",
        kinds=["a", "y"],
        number="10",
        share="1.23",
        day="六月",
        moment="早上",
    )
    assert found == {
        "text": "最多 5 个字，现有 7 个。",
        "word": "填写的内容不符合要求。",
        "kind": "没有“x”这一选项，请重新选择。",
        "kinds": "没有“y”这一选项，请重新选择。",
        "number": "不能大于 9。",
        "share": "最多 1 位小数。",
        "day": "应为 2022-06-20 这样的日期。",
        "moment": "应为 2022-06-20 09:30 这样的日期和时间。",
        "file": "此项必填。",
    }
    assert faults(text="短", number="x", share="123456")["text"] == "至少 3 个字，现有 1 个。"
    assert faults(number="x")["number"] == "应为整数。"
    assert faults(word="a\x00b")["word"] == "内容中有无法识别的字符，请删去后再提交。"


def test_files_too():
    assert faults({"file": SimpleUploadedFile("a.txt", b"")})["file"] == "选择的文件是空的。"
    assert faults({"file": SimpleUploadedFile("长长的名字.txt", b"x")})["file"] == "文件名最多 5 个字，现有 9 个。"


def words_of_fields() -> set[str]:
    """Every message a form field of the framework can show, in the language of the product."""
    found = set()
    for module in (fields, models):
        for kind in vars(module).values():
            if inspect.isclass(kind) and issubclass(kind, forms.Field):
                # A plural picks its form when it is filled in.
                found |= {str(message % {"max": 2, "length": 3}) if _is_plural(message) else str(message)
                          for message in kind.default_error_messages.values()}  # fmt: skip
    return found


def _is_plural(message) -> bool:
    return "ngettext" in repr(getattr(message, "__reduce__", lambda: "")())


def test_no_message_of_a_form_field_is_left_in_the_frameworks_own_words():
    left = {words for words in words_of_fields() if UNOFFICIAL.search(re.sub(r"%\(\w+\)\w|\{\w+\}|JSON", "", words))}
    assert left == set()


def entries(path) -> dict[str, str]:
    """{message: translation} of a .po file; of a plural its first form, as gettext keys it."""
    found, key = {}, ""
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition(" ")
        if name == "msgid":
            key = ast.literal_eval(rest)
        elif name in ("msgstr", "msgstr[0]"):
            found[(key, 0) if name == "msgstr[0]" else key] = ast.literal_eval(rest)
    return {key: words for key, words in found.items() if key}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_the_compiled_catalogue_is_that_of_its_source(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    compiled.pop("", None)
    assert compiled == entries(path)
    assert len(compiled) > 10


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_names_no_value_that_its_message_does_not_have(path):
    placeholder = re.compile(r"%\((\w+)\)|(?<!%)(%[sdr])|\{(\w+)\}")
    for key, words in entries(path).items():
        message = key if isinstance(key, str) else key[0]
        assert set(placeholder.findall(words)) <= set(placeholder.findall(message)), words
