"""``document``: one paper of a period, of one walk, of a plan or of one issue, as a file."""

import hashlib
import io
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.domain.contacts import units_to_call
from campaigns.exports import contacts
from campaigns.management.options import campaign_option, day_option, output_option, user_option
from core.exceptions import DomainError
from reports.documents import issue_letters
from reports.documents import plan_letters as letters
from reports.documents import unit_pack as packs
from reports.documents.registry import PAPERS, write_paper
from reports.documents.walk_papers import WALK_PAPERS, write_walk_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.queries import scope_named
from reports.domain.unit_pack import narrowed, unit_pack
from reports.domain.unit_pack_job import note_written
from reports.domain.walk_content import walk_for_paper

LABELS = {key: paper.label for key, paper in (PAPERS | WALK_PAPERS).items()}
LABELS |= {packs.KEY: packs.LABEL, contacts.KEY: contacts.LABEL} | letters.LABELS | issue_letters.LABELS


class Command(BaseCommand):
    help = "生成一份材料（Word、Excel 或 PDF，按输出文件的扩展名）。"

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=sorted(LABELS), help="材料种类")
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--period", default="all", help="期间：2022-06、2016Q4、2022-W23，或 all（全程，默认）")
        parser.add_argument("--unit", default="", help="只要这个单位的材料（单位名称）")
        parser.add_argument("--walk", default="", help="一次体验的材料：体验的编号（页面地址中的一串）")
        parser.add_argument("--issue", default="", help="交办单、督办单：问题编号")
        parser.add_argument("--slip", default="", help="督办单：督办编号，不填为最近签发的一份")
        parser.add_argument("--item", default="", help="报备报告：计划中的哪个事项（事项名称）")
        parser.add_argument("--as-of", help="按此日判断时限，如 2022-06-22，默认为今天")
        parser.add_argument("--output", required=True, help="写入的文件（.docx、.xlsx 或 .pdf）")
        parser.add_argument("--as", dest="username", default="", help="按该用户可见的范围生成；不填为全部")

    def handle(self, *args, kind, campaign, output, username, **options):
        path = Path(output)
        if not path.parent.is_dir():
            raise CommandError(f"{output}：文件夹 {path.parent} 不存在。")
        found, actor = campaign_option(campaign), user_option(username)
        ending = path.suffix.lower().lstrip(".")
        try:
            file = self._writer(kind)(kind, found, ending, actor, options)
        except (ValueError, DomainError) as error:
            raise CommandError(str(error)) from error
        with file:
            output_option(path, lambda out: out.write(file.read()))
        self.stdout.write(f"已生成 {LABELS[kind]}：{path}")

    def _writer(self, kind):
        if kind == packs.KEY:
            return self._of_unit
        if kind == contacts.KEY:
            return self._of_people
        if kind in letters.LABELS:
            return self._of_plan
        if kind in issue_letters.LABELS:
            return self._of_issue
        return self._of_walk if kind in WALK_PAPERS else self._of_period

    def _of_unit(self, kind, campaign, ending, actor, options):
        if not options["unit"] or ending != packs.ENDING:
            raise CommandError(f"{LABELS[kind]}须用 --unit 写明单位，并写成 .{packs.ENDING} 文件。")
        query = self._query(campaign, actor, options)
        [unit] = query.report_scope.departments
        found = unit_pack(narrowed(query, unit, query.report_scope.label, actor))
        content = packs.written(found)
        note_written(found, hashlib.sha256(content).hexdigest(), actor=actor)
        return io.BytesIO(content)

    def _of_people(self, kind, campaign, ending, actor, options):
        if ending != contacts.ENDING:
            raise CommandError(f"{LABELS[kind]}只能生成 .{contacts.ENDING} 文件。")
        units = units_to_call(actor, campaign, options["unit"])
        return contacts.contacts_workbook(campaign, units, actor=actor)[0]

    def _of_plan(self, kind, campaign, ending, actor, options):
        plan = letters.plan_for_letter(campaign, actor, options["unit"], options["period"])
        if kind == letters.FILING:
            return letters.write_filing(plan, ending, actor=actor)[0]
        return letters.write_notice(letters.row_for_letter(plan, options["item"]), ending, actor=actor)[0]

    def _of_issue(self, kind, campaign, ending, actor, options):
        if not options["issue"]:
            raise CommandError(f"{LABELS[kind]}是一件问题的材料，请用 --issue 写明问题编号。")
        issue = issue_letters.issue_for_letter(campaign, actor, options["issue"])
        return issue_letters.write_issue_letter(issue, kind, ending, actor=actor, number=options["slip"])[0]

    def _of_walk(self, kind, campaign, ending, actor, options):
        if not options["walk"]:
            raise CommandError(f"{LABELS[kind]}是一次体验的材料，请用 --walk 写明是哪一次。")
        walk = walk_for_paper(campaign, actor, options["walk"])
        return write_walk_paper(walk, kind, ending, actor=actor)[0]

    def _of_period(self, kind, campaign, ending, actor, options):
        return write_paper(self._query(campaign, actor, options), kind, ending, actor=actor)[0]

    def _query(self, campaign, actor, options):
        period = period_in(campaign, options["period"])
        day = day_option("--as-of", options["as_of"]) if options["as_of"] else timezone.localdate()
        return ReportQuery(campaign, period, day, scope_named(campaign, actor, options["unit"]))
