"""clean_name: whatever a browser calls a file becomes a harmless label."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.validators import clean_name


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("大厅取号.jpg", "大厅取号.jpg"),
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("/absolute/a.jpg", "a.jpg"),
        ("C:\\照片\\a.jpg", "a.jpg"),
        ("..", "照片"),
        ("", "照片"),
        ("   ", "照片"),
        ("\u202e\u200b", "照片"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\ufeffa.jpg", "a.jpg"),
        ("a\0.jpg", "a.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "a Set-Cookie_ x.jpg"),
        ("a\u2028b.jpg", "a b.jpg"),
        ("a\u3000 b.jpg", "a b.jpg"),
        ('"><img src=x onerror=alert(1)>.jpg', "___img src=x onerror=alert(1)_.jpg"),
        ("＜script＞.jpg", "＜script＞.jpg"),
        ("con|a?*.jpg", "con_a__.jpg"),
        ("a.php.jpg", "a.php.jpg"),
        (".htaccess", "htaccess"),
        ("a.jpg. . ", "a.jpg"),
        ("𠮷𬭎.jpg", "𠮷𬭎.jpg"),
        ("\ud800a.jpg", "a.jpg"),
        ("a\uffff.jpg", "a.jpg"),
        ("字" * 300 + ".heic", "字" * 250 + ".heic"),
        ("字" * 300, "字" * 255),
        ("a" * 300 + "." + "b" * 300, "a" * 255),
        ("a" * 250 + ". .  bcd" * 9 + ".jpg", "a" * 250 + ".jpg"),
    ],
)
def test_a_name_becomes_this_label(raw, label):
    assert clean_name(raw) == label


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=400))
def test_any_text_becomes_a_short_storable_label(raw):
    label = clean_name(raw)
    assert 1 <= len(label) <= 255
    label.encode()
    assert not set(label) & set('/\\<>:"|?*')
    assert not {unicodedata.category(char) for char in label} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert clean_name(label) == label
