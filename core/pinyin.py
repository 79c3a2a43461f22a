"""How Chinese characters are read. Pure.

The dictionary is loaded by the first text that needs it. It takes a fifth of a second and some 30 MB, and many
processes read no name: the clock, a child that reads a file, a command that refuses its arguments.
"""

from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType


@lru_cache(maxsize=4096)
def syllables(text: str) -> tuple[str, ...]:
    """The default reading, a syllable a character, without tones: ``县卫健`` → xian, wei, jian; other signs as they
    stand."""
    return tuple(_dictionary().lazy_pinyin(text))


# Chinese between two digits or marks; the names in it come again and again.
@lru_cache(maxsize=8192)
def first_letters(characters: str) -> str:
    """The first letter of each syllable of the default reading; what has no reading is left out."""
    return "".join(map(_letters_of_word, _dictionary().seg.simpleseg.seg(characters)))


@lru_cache(maxsize=32768)
def _letters_of_word(word: str) -> str:
    """Of one word, as the library itself divides texts: the words of many texts are few."""
    library = _dictionary()
    return "".join(library.lazy_pinyin(word, style=library.Style.FIRST_LETTER, errors="ignore"))


@cache
def _dictionary() -> ModuleType:
    return import_module("pypinyin")
