"""What the two children that fill forms share: the job from the command line, and the answer.

The job is a JSON object: ``template`` and ``values``, paths of files; ``most_bytes`` and ``most_parts`` of an unpacked
form; and what ``core.limits`` asks for. The answer is one line of JSON, then the filled file:
``{"left_out": [...]}``, or ``{"error": code, "found": [...]}`` and no file.
"""

import json
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from lxml import etree

from core.form_package import UnusableForm
from core.limits import answer, end_if_full, limit_process

DAMAGED = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, etree.LxmlError, RuntimeError, EOFError, ValueError, LookupError,
    AttributeError, TypeError, NotImplementedError, OSError, AssertionError,
)  # fmt: skip
Filler = Callable[[bytes, dict, dict], tuple[bytes, list[str]]]


def run(fill: Filler) -> None:
    """Fill the form of the job and print the answer. Nothing raised by a form leaves this function."""
    job = json.loads(sys.argv[1])
    limit_process(job)
    content = b""
    try:
        values = json.loads(Path(job["values"]).read_text(encoding="utf-8"))
        content, left_out = fill(Path(job["template"]).read_bytes(), values, job)
        told: dict = {"left_out": left_out}
    except UnusableForm as refusal:
        told = {"error": refusal.code, "found": refusal.found}
    except (MemoryError, RecursionError):
        told = {"error": "memory", "found": []}
    except DAMAGED as error:
        end_if_full(error)
        told = {"error": "damaged", "found": []}
    if len(content) > job["output_bytes"] - 4096:
        content, told = b"", {"error": "memory", "found": []}
    answer([json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n", content])
