"""PDF of a Word paper or a workbook, made by LibreOffice. Derived: never part of a digest."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from core.exceptions import Refused

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60
# What whoever takes a PDF has to know of it.
DECLARED = "PDF 由 LibreOffice 生成，本机没有的字体以其他字体代替，换行和页数可能与 Word、Excel 文件不同。"
MISSING = "本机没有安装 LibreOffice，不能生成 PDF。请下载 Word 或 Excel 文件，或由系统管理员安装 LibreOffice。"


def is_available() -> bool:
    """Whether PDF can be made on this machine."""
    return _program() is not None


def _program() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def to_pdf(content: bytes, ending: str) -> bytes:
    """The PDF of a file whose name would end in ``ending`` (``.docx``, ``.xlsx``). Raises Refused in words.

    Fonts that are not installed are replaced by others: line breaks may differ from Word's.
    """
    program = _program()
    if program is None:
        raise Refused(MISSING, rule="pdf.program")
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        source = Path(folder, f"paper{ending}")
        source.write_bytes(content)
        # A profile of its own: two conversions at once would wait for each other.
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
            return source.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise Refused("PDF 没有生成，请下载 Word 或 Excel 文件，或稍后再试。", rule="pdf.failed") from error
