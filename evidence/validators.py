"""Cleaning of what an upload says about itself."""

import re
import unicodedata

MAX_NAME_LENGTH = 255
NAMELESS = "照片"

# Control, format (right-to-left override, zero width), surrogate, line and paragraph separator.
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')
_EXTENSION = re.compile(r"\.[0-9A-Za-z]{1,10}$")


def clean_name(raw: str) -> str:
    """The last path part of ``raw`` as a harmless label of 1 to 255 characters; Chinese stays, the extension too.

    Never used on disk: it is shown, and offered again as the name of a download.
    """
    name = re.split(r"[/\\]", raw)[-1]
    name = "".join(" " if char.isspace() else char for char in name if not _is_dropped(char))
    name = _FORBIDDEN_IN_NAMES.sub("_", " ".join(name.split())).strip(". ")
    if len(name) > MAX_NAME_LENGTH:
        extension = _EXTENSION.search(name)
        tail = extension.group() if extension else ""
        name = name[: MAX_NAME_LENGTH - len(tail)].rstrip(". ") + tail
    return name or NAMELESS


def _is_dropped(char: str) -> bool:
    point = ord(char)
    is_noncharacter = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    return is_noncharacter or (unicodedata.category(char) in _DROPPED_CATEGORIES and not char.isspace())
