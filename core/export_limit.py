"""How many rows one person takes out at once (docs/trust.md A7)."""

from core.exceptions import Refused

# The ledger beyond that is released by a second person; every other workbook is asked for in parts.
DIRECT_ROWS = 5000


def require_few(rows: int, *, what: str, way: str) -> None:
    """Raise Refused for more rows than that; ``way``: how the rest is had, in words."""
    if rows > DIRECT_ROWS:
        raise Refused(
            f"{what}共 {rows} 行，超过一次导出的上限 {DIRECT_ROWS} 行，没有生成文件。{way}", rule="export.rows"
        )
