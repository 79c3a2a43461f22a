"""What the pages of both kinds of table share: whose they are, and how one kind is read and written."""

from functools import partial

from django.http import Http404

from campaigns.enums import TableKind
from core.exceptions import NotAllowed
from core.staging import ImportKind
from ledgers.domain.queries import campaigns_to_import
from ledgers.domain.shapes import LEDGER, WALKS
from ledgers.resources import ImportWork

KINDS = {TableKind.LEDGER: ("import_ledger", LEDGER), TableKind.WALKS: ("import_walks", WALKS)}


def campaigns_of(request) -> dict:
    """{id: campaign} the person brings tables in for; the pages do not exist for anybody else."""
    campaigns = {campaign.pk: campaign for campaign in campaigns_to_import(request.user)}
    if not campaigns:
        raise Http404
    return campaigns


def desk_of(kind: str, campaigns: dict) -> ImportKind:
    """One kind of table as ``core.staging`` knows it."""
    command, shape = KINDS[TableKind(kind)]
    routes = {"back": "imports", "upload": f"{kind}_import", "preview": f"{kind}_preview", "columns": f"{kind}_columns"}
    return ImportKind(
        kind=kind,
        title=TableKind(kind).label,
        command=command,
        shape=shape,
        resource=partial(_work, kind, campaigns),
        routes=routes,
        template="ledgers/upload.html",
        list_title="台账导入",
    )


def unread(kind: str) -> str:
    """The kind under which a table waits whose columns are not named yet."""
    return f"{kind}.head"


def _work(kind: str, campaigns: dict, rows, params: dict, file: str, actor):
    """Raises NotAllowed when the person has left the office of that campaign since the table was sent."""
    if params["campaign"] not in campaigns:
        raise NotAllowed("本活动的台账由其统筹办导入，您没有此项权限。没有写入任何内容。", rule="permission")
    return ImportWork(rows, file, kind=kind, campaign=campaigns[params["campaign"]], params=params, actor=actor)
