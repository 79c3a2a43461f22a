"""What code and documents cite stands in the repository: documents, their sections, clauses, templates, files."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from tests.architecture.imports import ROOT, name, sources

LEFT_OUT = {".git", ".venv", "var", "vendor", "node_modules", "screenshots", "test-results"}
KINDS = (".py", ".html", ".md", ".sh", ".toml", ".js", ".css", ".yaml", ".yml")
DOCUMENT = re.compile(r"(?<![\w/.*-])[\w./-]*\w\.md\b")
# "docs/domain.md section 3.1", "docs/rules.md rule 2", "docs/trust.md B1 to B4"
PLACE = re.compile(r"\bdocs/(\w+)\.md[,:]?\s+(?:section (\d+(?:\.\d+)?)|rule (\d+)|([A-E]\d+))")
NUMBER = r"[一二三四五六七八九十]+(?:（[一二三四五六七八九十]）)?\d*"
CLAUSE = re.compile(rf"\b(M18|F16|W23|L22) ({NUMBER})")
CITE = re.compile(rf"(?:^|；)((?:省税务局|省药监局|益阳|永州|芷江|吉首)?{NUMBER})")
TEMPLATE = re.compile(r"""["']([\w-]+(?:/[\w.-]+)*\.html)["']""")
INCLUDED = re.compile(r"""{%-?\s*(?:include|extends)\s+["']([^"']+)["']""")
PATH = re.compile(r"`([a-z_]+(?:/[\w.-]+)+\.(?:py|md|sh|json|csv|svg|html))`")


@cache
def texts() -> dict[Path, str]:
    """Every file of the repository that people write, with its text."""
    found = {}
    for path in sorted(ROOT.rglob("*")):
        if path.suffix in KINDS and not LEFT_OUT.intersection(path.relative_to(ROOT).parts):
            found[path] = path.read_text(encoding="utf-8")
    return found


def read(document: str) -> str:
    return (ROOT / "docs" / f"{document}.md").read_text(encoding="utf-8")


def missing_documents(path: Path, text: str) -> list[str]:
    named = set(DOCUMENT.findall(text))
    return [f"{name(path)}: {one}" for one in named if not ((ROOT / one).exists() or (path.parent / one).exists())]


def test_every_document_that_is_named_exists():
    missing = [wrong for path, text in texts().items() for wrong in missing_documents(path, text)]
    assert missing == []


def test_every_section_rule_and_threat_that_is_cited_exists():
    missing, seen = [], 0
    for path, text in texts().items():
        for document, section, rule, threat in PLACE.findall(text):
            seen += 1
            wanted = rf"#+ {section}\.? " if section else rf"{rule}\. " if rule else rf"\| {threat} \|"
            if not re.search(rf"^{wanted}", read(document), re.MULTILINE):
                missing.append(f"{name(path)}: {document} {section or rule or threat}")
    assert seen > 10
    assert missing == []


def clauses() -> dict[str, set[str]]:
    """{notice: the clauses that the list of sources explains}."""
    found: dict[str, set[str]] = {}
    for part in read("sources").split("\n## ")[1:]:
        rows = re.findall(r"^\| ([^|]+?) \|", part, re.MULTILINE)
        found[part.split(maxsplit=1)[0]] = set(rows)
    return found


def test_every_clause_the_code_cites_is_explained():
    known, missing, seen = clauses(), [], 0
    for path, text in texts().items():
        if path.suffix == ".py":
            for notice, clause in CLAUSE.findall(text):
                seen += 1
                if not any(row.startswith(clause) for row in known[notice]):
                    missing.append(f"{name(path)}: {notice} {clause}")
    assert seen > 30
    assert missing == []


@pytest.mark.parametrize("path", sorted((ROOT / "campaigns/templates_data").glob("*.json")), ids=lambda path: path.stem)
def test_every_clause_a_rule_template_cites_is_explained(path):
    template = json.loads(path.read_text(encoding="utf-8"))
    known, seen = clauses()[template["notice"]], 0
    missing = []
    for rule, words in template["cites"].items():
        for clause in CITE.findall(words):
            seen += 1
            if not any(row.startswith(clause) for row in known):
                missing.append(f"{rule}: {clause}")
    assert seen >= 10
    assert missing == []


def test_every_template_that_is_named_exists():
    named = {(one, name(path)) for path in sources() for one in TEMPLATE.findall(path.read_text(encoding="utf-8"))}
    named |= {
        (one, name(path)) for path, text in texts().items() if path.suffix == ".html" for one in INCLUDED.findall(text)
    }
    missing = []
    for template, where in sorted(named):
        try:
            get_template(template)
        except TemplateDoesNotExist:
            missing.append(f"{where}: {template}")
    assert len(named) > 100
    assert missing == []


def test_every_file_a_document_names_exists():
    missing, seen = [], 0
    for path in sorted((ROOT / "docs").glob("*.md")):
        named = set(PATH.findall(path.read_text(encoding="utf-8")))
        seen += len(named)
        missing += [f"{path.name}: {one}" for one in named if "<" not in one and not (ROOT / one).exists()]
    assert seen > 50
    assert missing == []
