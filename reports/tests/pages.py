"""Read a page back as a person would: the cells of its tables."""

from html.parser import HTMLParser


class _Tables(HTMLParser):
    def __init__(self):
        super().__init__()
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = []

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(" ".join("".join(self.cell).split()))
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)


def table_rows(html: str, css: str) -> list[list[str]]:
    """Every row of the table inside the element with that class, as texts."""
    part = html.split(f'class="table-wrap table-scroll {css}"', 1)[1].split("</table>", 1)[0]
    reader = _Tables()
    reader.feed(part)
    return reader.rows
