"""What a backup holds, as the commands print it."""

from core.backup.manifest import Contents


def facts(contents: Contents) -> dict:
    """For ``--json``: {"tables": {name: rows}, "rows", "files", "file_bytes", "missing", "digest"}."""
    return {
        "tables": {name: table["rows"] for name, table in contents.tables.items()},
        "rows": contents.rows,
        "files": contents.files["count"],
        "file_bytes": contents.files["bytes"],
        "missing": contents.missing,
        "digest": contents.digest,
    }


def lines(contents: Contents) -> list[str]:
    """One line a table that has rows, then rows, files and digest."""
    held = [(name, table["rows"]) for name, table in contents.tables.items() if table["rows"]]
    return [
        *(f"  {name}：{rows} 行" for name, rows in held),
        f"共 {len(held)} 张表、{contents.rows} 行，{contents.files['count']} 个文件",
        f"校验值 {contents.digest}",
    ]
