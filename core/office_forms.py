"""Fill a form an office brought, in a limited child process; the filled bytes of the same form and values are kept.

A form is opened in the child alone (``core.docx_filler``, ``core.xlsx_filler``), at upload as at every later use.
"""

import hashlib
import json
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from core.child import ChildFailed, ChildFault, LimitedChild, Limits
from core.exceptions import Refused

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 30 * 1024 * 1024
MAX_PARTS = 300
MOST_PICTURE_BYTES = 40 * 1024 * 1024
# A publication fills at most five forms.
MOST_KEPT = 8
LIMITS = Limits(
    cpu_seconds=20,
    wall_seconds=45,
    queue_seconds=10,
    memory_bytes=768 * 1024**2,
    output_bytes=20 * 1024**2,
)
CHILDREN = {
    "docx": LimitedChild("core.docx_filler", parallel=2),
    "xlsx": LimitedChild("core.xlsx_filler", parallel=2),
}
KINDS = {"docx": ".docx", "xlsx": ".xlsx"}


class FormFault(NamedTuple):
    """Why a form is refused: ``what`` is wrong, what was therefore not ``done``, and what the person does about it."""

    rule: str
    what: str
    advice: str
    done: str = "没有保存"


# Code of the child → why.
FAULTS = {
    "old": FormFault("form.format", "这是旧版或加密的文件", "请另存为不加密的 {ending} 后再上传。"),
    "damaged": FormFault("form.format", "文件已损坏，或不是 {ending} 文件", "请另存后再上传。"),
    "kind": FormFault("form.format", "文件不是普通的 {ending} 文件", "请另存为 {ending} 后再上传。"),
    "unpacked": FormFault("form.size", "文件展开后过大", "请删去图片等多余内容，另存后再上传。"),
    "extent": FormFault("form.size", "表格过大", "模板只留表头、一行样行和表尾，最多 400 行 60 列。"),
    "memory": FormFault("form.size", "填写后的文件过大", "请检查模板中的循环，或选择较短的期间。", "没有生成"),
    "refused": FormFault("form.content", "文件中有不允许的内容", "请删去后另存再上传。"),
    "formula": FormFault("form.content", "模板中不能有公式", "请改为文字或字段后再上传。"),
    "placeholder": FormFault("form.placeholder", "模板中有不能填写的地方", "请改正后再上传。"),
    "no_mark": FormFault("form.placeholder", "模板中没有找到可以填写的字段", "请写上字段后再上传。"),
}
CHILD_FAULTS = {
    ChildFault.TIME: FormFault("form.time", "填写模板用时过长，已停止", "请检查模板中的循环，简化后再上传。"),
    ChildFault.MEMORY: FAULTS["memory"],
    ChildFault.BROKEN: FAULTS["damaged"],
    ChildFault.BUSY: FormFault("form.busy", "服务器正忙", "请稍后再试。", "模板没有填写"),
}


class FormRefused(Refused):
    """A form that cannot be filled, in the words of its upload; ``what`` is wrong with it alone, with what was found,
    for somebody who uploads nothing."""

    def __init__(self, fault: FormFault, kind: str, found: list[str]):
        named = f"：{'；'.join(found)}" if found else ""
        self.what = f"{fault.what.format(ending=KINDS[kind])}{named}"
        message = f"{fault.what}，{fault.done}".format(ending=KINDS[kind])
        super().__init__(f"{message}{named}。{fault.advice.format(ending=KINDS[kind])}", rule=fault.rule)

    @property
    def is_passing(self) -> bool:
        """Whether the form can be filled another time."""
        return self.rule == CHILD_FAULTS[ChildFault.BUSY].rule


_KEPT: dict[bytes, "Filled"] = {}
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Filled:
    """``left_out``: what of the form the filled file does not have, in words."""

    content: bytes
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Filling:
    """What a form is filled with: ``values``, JSON as the child of the kind says; ``pictures``: {name: JPEG of our own
    making}, at most ``MOST_PICTURE_BYTES`` in all, of a paper that has some; None of another."""

    values: dict[str, Any]
    pictures: Mapping[str, bytes] | None = None


def fill_form(
    kind: str, template: bytes, values: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None
) -> Filled:
    """The form with the values in their places. ``kind``: docx or xlsx; ``values``, ``pictures``: as in ``Filling``.

    Same form, same values: same bytes, kept for the last ones asked for, so that what was filled before a transaction
    is at hand within it. Side effect otherwise: one child process. Raises Refused in words; InTransaction inside a
    transaction.
    """
    said = json.dumps(values, ensure_ascii=False, sort_keys=True)
    shown = {name: hashlib.sha256(content).hexdigest() for name, content in (pictures or {}).items()}
    known = [kind, hashlib.sha256(template).hexdigest(), said, None if pictures is None else shown]
    key = hashlib.sha256(json.dumps(known, sort_keys=True).encode()).digest()
    with _LOCK:
        found = _KEPT.get(key)
    if found is None:
        found = _filled(kind, template, said, pictures)
        with _LOCK:
            _KEPT[key] = found
            while len(_KEPT) > MOST_KEPT:
                _KEPT.pop(next(iter(_KEPT)))
    return found


def _filled(kind: str, template: bytes, values: str, pictures: Mapping[str, bytes] | None) -> Filled:
    if len(template) > MAX_BYTES:
        raise Refused(f"模板超过 {MAX_BYTES // 1024**2} MB，没有保存。", rule="form.size")
    with tempfile.TemporaryDirectory(prefix="form-") as folder:
        job: dict[str, Any] = {
            "template": _written(folder, "template", template), "values": _written(folder, "values", values.encode()),
            "most_bytes": MAX_UNPACKED_BYTES, "most_parts": MAX_PARTS,
        }  # fmt: skip
        limits = LIMITS
        if pictures is not None:
            job["pictures"] = {name: _written(folder, f"picture-{name}", one) for name, one in pictures.items()}
            limits = replace(LIMITS, output_bytes=LIMITS.output_bytes + MOST_PICTURE_BYTES)
        try:
            with CHILDREN[kind].run(job, limits) as answer:
                line = answer.readline()
                told: dict = json.loads(line) if line.endswith(b"\n") else {"error": "damaged", "found": []}
                if "error" in told:
                    raise FormRefused(FAULTS[told["error"]], kind, told["found"])
                return Filled(answer.read(), tuple(told["left_out"]))
        except ChildFailed as failed:
            raise FormRefused(CHILD_FAULTS[ChildFault(failed.reason)], kind, []) from failed


def _written(folder: str, name: str, content: bytes) -> str:
    path = Path(folder, name)
    path.write_bytes(content)
    return str(path)
