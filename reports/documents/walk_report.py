"""体验报告 (F4) of one walk with its 问题整改清单 (F5) and photos: 一事一报告一清单 (W23 六（三）)."""

from collections.abc import Sequence
from functools import cache

from campaigns.enums import Component
from core.docx import fill
from core.docx_layout import WordPaper
from core.templatetags.ui import cndate
from evidence.domain.store import FileMissing, open_served
from reports.documents import walk_words as words
from reports.domain.summary import UNCLASSIFIED
from reports.domain.walk_content import Photo, WalkContent
from walks.domain.queries import done_of
from walks.domain.requirements import counts_as_callback
from walks.enums import Assessment, Stage
from walks.models import Step

LIST_HEADS = (
    "序号", "体验事项", "体验环节", "存在问题", "问题分类", "原因分析", "整改措施", "责任单位", "责任人", "整改时限",
    "整改进展", "完成情况", "备注",
)  # fmt: skip
LIST_MM = (8, 22, 13, 30, 13, 14, 30, 16, 13, 20, 21, 13, 12)
# More would make a file that opens slowly; the unit's pack of the period holds them all.
PHOTOS_AT_MOST = 20
LIST, PHOTOS = "问题整改清单", "体验照片"
_STOPS = "。！？；.!?;…：:）)”"


def walk_report(content: WalkContent) -> bytes:
    """The report as .docx, dated on the day its content was signed. Same content, same bytes."""
    shown = content.photos[:PHOTOS_AT_MOST]
    pictures, photos = pictures_of(shown, len(content.photos) - len(shown))
    annexes = tuple(name for name, rows in ((LIST, content.to_rectify), (PHOTOS, photos)) if rows)
    sections = _sections(content)
    context = _foot(content) | {
        "title": f"{content.walk.department_name}“一把手”走流程体验报告",
        "closing": sections[-1]["parts"].pop()["text"],
        "sections": sections,
        "rows": words.rectification_cells(content),
        "photos": photos,
    }
    return fill(_report_template(annexes), context, pictures)


def walk_list(content: WalkContent) -> bytes:
    """问题整改清单 of one walk as .docx, with the foot of the report."""
    context = _foot(content) | {
        "title": f"{content.walk.department_name}“一把手”走流程{LIST}",
        "rows": words.rectification_cells(content),
        "no_rows": "" if content.to_rectify else f"本次体验{_nothing_to_rectify(content)}",
    }
    return fill(_list_template(), context)


def _foot(content: WalkContent) -> dict:
    walk = content.walk
    return {"unit": walk.department_name, "day": cndate(words.day_of_signing(walk))}


def _sections(content: WalkContent) -> list[dict]:
    """The chapters; each part is a paragraph, ``head`` one of the second level above it or ""."""
    chapters = (
        ("基本情况", _basics(content)),
        ("体验过程", _course(content)),
        ("体验评价", _judgement(content)),
        ("发现的问题", _problems(content)),
        ("整改措施及完成时限", _measures(content)),
        ("意见建议", _plain(content.walk.suggestion)),
    )
    return [{"heading": f"{words.chinese(place)}、{name}", "parts": parts}
            for place, (name, parts) in enumerate(chapters, 1)]  # fmt: skip


def _basics(content: WalkContent) -> list[dict]:
    walk = content.walk
    where = f"在{walk.place}" if walk.place else ""
    said = (
        f"{words.days_of(walk)}，{walk.department_name}{words.walker_of(walk)}以{walk.get_role_display()}身份，"
        f"采取{words.mode_of(content)}形式，{where}体验“{walk.item_name}”事项（主管部门：{walk.item.department.name}）。"
    )
    alone = "本次体验不亮身份、不打招呼，未安排陪同人员。"
    said += alone if walk.is_covert else f"陪同人员：{words.companions_of(walk)}。"
    if walk.is_simulated:
        said += f"本次为虚拟事项模拟体验，模拟件{'已' if walk.simulation_withdrawn else '尚未'}撤回。"
    return [_part(said)]


def _course(content: WalkContent) -> list[dict]:
    """Stage by stage; the callbacks of a walk are one line, with how many count."""
    lines, callbacks = [], [step for step in content.steps if step.component == Component.SERVICE_CALLBACK]
    for step in content.steps:
        if step in callbacks[1:]:
            continue
        told = _told_of_callbacks(callbacks) if step in callbacks else _told_of(step)
        judged = f"评价：{step.get_assessment_display()}。" if step.assessment else ""
        head = f"{len(lines) + 1}.{step.place_label}（{words.moment_of(step)}）。"
        lines.append(_part(f"{head}{told}。{judged}"))
    return lines or _plain("")


def _told_of(step: Step) -> str:
    with_whom = f"参加人员：{step.person}" if step.component == Component.DISCUSSION and step.person else ""
    return words.one_line("，".join(one for one in (step.item_name, with_whom, step.note) if one)) or "已体验"


def _told_of_callbacks(callbacks: list[Step]) -> str:
    valid = sum(counts_as_callback(one) for one in done_of(callbacks))
    notes = [words.one_line(step.note) for step in callbacks if step.note]
    return "；".join([f"回访{len(callbacks)}人，其中有效回访{valid}人", *notes])


def _judgement(content: WalkContent) -> list[dict]:
    walk = content.walk
    met = (("办理时限", words.days_met(walk)), ("申请材料", words.documents_met(walk)), ("跑动", words.trips_met(walk)))
    said = "；".join(f"{name}{figures}" for name, figures in met if figures)
    judged = [one.assessment for one in content.steps if one.assessment]
    counted = "、".join(f"{one.label}{judged.count(one)}个" for one in Assessment if one in judged)
    opening = [f"{said}。" if said else "", f"对{len(judged)}个环节作出评价，其中{counted}。" if judged else ""]
    classes = [*content.rules.rectification.categories]
    by_class = {name: [] for name in classes}
    for number, one in enumerate(content.problems, 1):
        by_class.setdefault(one.category or UNCLASSIFIED, []).append(f"问题{number}")
    parts = [_part(text) for text in opening if text]
    for place, (name, found) in enumerate(by_class.items(), 1):
        told = f"发现问题{len(found)}个（{'、'.join(found)}）。" if found else "未发现问题。"
        parts.append(_part(told, head=f"（{words.chinese(place)}）{name}"))
    return parts


def _nothing_to_rectify(content: WalkContent) -> str:
    return f"未发现{'新的' if content.look_backs else ''}须整改的问题。{content.walk.zero_explained}"


def _problems(content: WalkContent) -> list[dict]:
    """The problems; below them what the walk says of the issues it looked back on."""
    looked = [_part(f"回头看 {told}") for told in words.look_backs_of(content)]
    if not content.problems:
        return [*_plain(f"本次体验{words.nothing_found(content)}"), *looked]
    lines = []
    for number, one in enumerate(content.problems, 1):
        facts = (
            ("环节", Stage(one.stage).label if one.stage else ""),
            ("分类", one.category),
            ("涉及单位", words.unit_of(one)),
            ("编号", one.number),
            ("办理", one.get_state_display() if one not in content.to_rectify else ""),
        )
        told = "，".join(f"{name}：{value}" for name, value in facts if value)
        lines.append(_part(f"{number}.{words.one_line(one.description)}。{f'（{told}）' if told else ''}"))
    return [*lines, *looked]


def _measures(content: WalkContent) -> list[dict]:
    lines = []
    for number, one in enumerate(content.problems, 1):
        if one not in content.to_rectify:
            continue
        measures = (
            "；".join(words.one_line(text) for text in words.measures_of(content.measures, one)) or "整改措施待定"
        )
        facts = (
            ("整改类型", words.track_of(one)),
            ("责任单位", words.unit_of(one)),
            ("责任人", one.responsible_name),
            ("完成时限", cndate(one.due_on) if one.due_on else ""),
        )
        told = "".join(f"，{name}：{value}" for name, value in facts if value)
        done = f"，{one.get_state_display()}" if words.is_closed(one) else ""
        lines.append(_part(f"{len(lines) + 1}.问题{number}：{measures}{told}{done}。"))
    return lines or _plain("")


def _plain(text: str) -> list[dict]:
    """Every line a paragraph that ends in a stop; 无。 for none."""
    lines = (line.strip() for line in text.splitlines())
    return [_part(line if line[-1] in _STOPS else f"{line}。") for line in lines if line] or [_part(f"{words.NONE}。")]


def _part(text: str, *, head: str = "") -> dict:
    return {"head": head, "text": text}


def pictures_of(photos: Sequence[Photo], left: int) -> tuple[dict[str, bytes], list[dict]]:
    """The pictures by name, and what is told of each; a file that cannot be read is told and left out. ``left``: how
    many more there are."""
    pictures, told = {}, []
    for number, photo in enumerate(photos, 1):
        name, said = f"p{number}", words.caption(number, photo)
        try:
            with open_served(photo.file) as file:
                pictures[name] = file.read()
        except FileMissing:
            name, said = "", f"{said}（照片文件无法读取）"
        told.append({"name": name, "caption": said})
    return pictures, told + ([{"name": "", "caption": f"其余{left}张照片另附。"}] if left > 0 else [])


@cache
def _report_template(annexes: tuple[str, ...]) -> bytes:
    paper = WordPaper("走流程体验报告")
    paper.title("{{ title }}")
    paper.mark("{%p for section in sections %}")
    paper.level_1("{{ section.heading }}")
    paper.mark("{%p for part in section.parts %}")
    paper.mark("{%p if part.head %}")
    paper.level_2("{{ part.head }}")
    paper.mark("{%p endif %}")
    paper.paragraph("{{ part.text }}")
    paper.mark("{%p endfor %}")
    paper.mark("{%p endfor %}")
    paper.paragraph("{{ closing }}", is_last=True)
    if annexes:
        paper.attachments(annexes)
    # Foot of F4: the principal's signature, the place of the stamp, the day.
    paper.signature([f"主要负责同志（签字）：{words.LINE}", "{{ unit }}（盖章）", "{{ day }}"])
    for place, name in enumerate(annexes, 1):
        head = f"附件{place}" if len(annexes) > 1 else "附件"
        paper.attachment(head, name, landscape=name == LIST)
        _put_list(paper) if name == LIST else put_photos(paper)
    return paper.content()


@cache
def _list_template() -> bytes:
    paper = WordPaper("走流程问题整改清单", landscape=True)
    paper.title("{{ title }}")
    foot = f"主要负责同志（签字）：{words.LINE}　　{{{{ unit }}}}（盖章）　　{{{{ day }}}}"
    _put_list(paper, no_rows="no_rows", foot=foot)
    return paper.content()


def _put_list(paper: WordPaper, *, no_rows: str = "", foot: str = "") -> None:
    cells = [f"{{{{ row[{place}] }}}}" for place in range(len(LIST_HEADS))]
    paper.table(LIST_HEADS, LIST_MM, cells, "row in rows", may_split=True, no_rows=no_rows, foot=foot)


def put_photos(paper: WordPaper) -> None:
    """The pictures of ``photos``, each with its caption; of one that cannot be read the caption alone."""
    paper.mark("{%p for photo in photos %}")
    paper.mark("{%p if photo.name %}")
    paper.picture("{{ pictures[photo.name] }}", "{{ photo.caption }}")
    paper.mark("{%p else %}")
    paper.paragraph("{{ photo.caption }}")
    paper.mark("{%p endif %}")
    paper.mark("{%p endfor %}")
