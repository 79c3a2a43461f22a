"""The shape of a group of 等我办 and of its rows."""


def row_by_day(title: str, meta: str, url: str, late: str = "") -> dict:
    """A line of a group; ``late``: what to say where its day has passed, else ""."""
    return {"title": title, "meta": meta, "url": url, "look": ("overdue", late) if late else None}


def group(title: str, total: int, url: str, rows: list[dict]) -> list[dict]:
    """The group, none where nothing waits."""
    return [{"title": title, "total": total, "url": url, "rows": rows}] if total else []
