"""``document``: one paper of a period, of one walk, of a plan or of one issue, as a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from campaigns.management.options import campaign_option, day_option, output_option, user_option
from core.exceptions import DomainError
from walkthrough.papers import KINDS, Wanted


class Command(BaseCommand):
    help = "生成一份材料（Word、Excel、PDF 等，按输出文件的扩展名）。"

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=sorted(KINDS), help="材料种类")
        parser.add_argument("--campaign", required=True, help="活动代码")
        parser.add_argument("--period", default="all", help="期间：2022-06、2016Q4、2022-W23，或 all（全程，默认）")
        parser.add_argument("--unit", default="", help="只要这个单位的材料（单位名称）")
        parser.add_argument("--walk", default="", help="一次体验的材料：体验的编号（页面地址中的一串）")
        parser.add_argument("--issue", default="", help="交办单、督办单、销号档案：问题编号")
        parser.add_argument("--slip", default="", help="督办单：督办编号，不填为最近签发的一份")
        parser.add_argument("--item", default="", help="报备报告：计划中的哪个事项（事项名称）")
        parser.add_argument("--as-of", help="按此日判断时限，如 2022-06-22，默认为今天")
        parser.add_argument("--output", required=True, help="写入的文件（.docx、.xlsx、.pdf、.zip 或 .html）")
        parser.add_argument("--as", dest="username", default="", help="按该用户可见的范围生成；不填为全部")

    def handle(self, *args, kind, campaign, output, username, **options):
        path = Path(output)
        if not path.parent.is_dir():
            raise CommandError(f"{output}：文件夹 {path.parent} 不存在。")
        wanted = Wanted(
            campaign=campaign_option(campaign),
            actor=user_option(username),
            ending=path.suffix.lower().lstrip("."),
            period=options["period"],
            unit=options["unit"],
            as_of=day_option("--as-of", options["as_of"]) if options["as_of"] else None,
            named={name: options[name] for name in ("walk", "issue", "slip", "item")},
        )
        try:
            file = KINDS[kind].write(wanted)
        except (ValueError, DomainError) as error:
            raise CommandError(str(error)) from error
        with file:
            output_option(path, lambda out: out.write(file.read()))
        self.stdout.write(f"已生成 {KINDS[kind].label}：{path}")
