"""The details of an audit entry in words."""

from accounts.enums import AccountKind, Role
from accounts.tables import ACTIONS

FACTS = {
    "units": "单位",
    "issue": "问题编号",
    "slip": "督办编号",
    "name": "名称",
    "audience": "谁可以用",
    "colour": "颜色",
    "digest": "校验值",
    "version": "版本",
    "template": "模板",
    "role": "角色",
    "kind": "类别",
    "unit": "单位",
    "user": "账号序号",
    "successor": "接任人账号",
    "conditions": "条件",
    "rows": "行数",
    "row": "清单内序号",
    "people": "人员",
    "where": "位置",
    "period": "期间",
    "scope": "范围",
    "as_of": "截至",
    "on": "日期",
    "document": "依据",
    "change": "机构变动编号",
    "roles": "申请的角色（项）",
    "moved": "转出",
    "reason": "原因",
    "since": "起始日期",
    "before": "原为",
    "after": "改为",
    "level": "级别",
    "until": "截止日期",
    "file": "文件",
    "created": "新增",
    "updated": "更新",
    "unchanged": "未变",
    "added": "补入",
    "state": "状态",
    "round": "轮次",
    "failures": "连续错误次数",
    "action": "办理",
    "done": "已办理",
    "refused": "没有办理",
    "paper": "材料",
    "sha256": "校验值",
    "month": "月份",
    "removed": "删除",
    "number": "第几次",
    "seed": "种子",
    "drawn": "抽中",
    "population": "参加抽取",
    "chosen": "抽中",
    "source": "来源",
    "reply_by": "答复期限",
    "answer": "答复",
    "child": "登记的问题",
    "content": "报送内容",
    "open": "未了事项",
    "sheet": "公开内容",
    "batch": "导入批次",
    "numbers": "问题编号",
    "item": "事项",
    "works": "上班或放假",
    "record": "记录编号",
    "pictures": "照片（张）",
    "numbers_confirmed": "已确认的手工数字",
    "from": "原为",
    "to": "改为",
    "left_out": "没有带入",
    "left_open": "结束时未了事项",
    "joined": "加入",
    "left": "退出",
    "figure": "数字",
    "edited": "修改的章",
    "due_on": "期限",
    "as": "所用账号",
    "campaign": "活动",
    "point": "评分项",
    "amount": "分值",
    "purpose": "用途",
    "is_on": "启用",
    "is_set": "已设置",
    "site": "系统访问地址",
    "host": "邮件服务器",
    "unmasked": "含完整号码",
    "checked": "已核对",
    "broken": "不符",
    "verdict": "结论",
    "restored": "恢复原状",
    "kept": "已有办理、保留",
    "office": "统筹单位",
}
# What the papers of ``reports`` are called; a part of a paper's code stands before its stroke.
PAPERS = {
    "month-report": "工作总结",
    "bulletin": "通报",
    "criticism": "通报批评",
    "criticism-proposal": "提请通报批评的请示",
    "quarter-results": "工作成果",
    "special-report": "专项报告",
    "three-lists": "三张清单",
    "rectification-list": "问题整改清单",
    "walk-record": "情况登记表",
    "walk-report": "体验报告",
    "walk-list": "问题整改清单",
    "plan-letter": "备案报告",
    "notice-letter": "报备报告",
    "assignment": "问题交办单",
    "slip": "问题督办单",
    "unit-pack": "单位本期材料",
    "lead": "牵头单位",
    "unit": "单位",
    "all": "全部单位",
}
_CODES = {
    "paper": PAPERS,
    "scope": {"all": "全部单位", "lead": "接收单位", "unit": "本单位"},
    "content": {"pack": "材料", "zero": "零报告", "none": "本类无活动"},
    "period": {"all": "全程"},
    "role": dict(Role.choices),
    "kind": dict(AccountKind.choices),
    "action": {code.removeprefix("issue."): words for code, words in ACTIONS.items() if code.startswith("issue.")},
}
_DIGESTS = ("digest", "sha256")
DIGEST_SHOWN = 12


def in_words(detail: dict) -> list[str]:
    """``{"rows": 5}`` → ``["行数：5"]``; a digest is cut to its first characters, the row itself keeps the whole."""
    return [
        f"{FACTS.get(key, key)}：{_value(key, value)}" for key, value in detail.items() if value not in ("", [], {})
    ]


def key_in_words(key: str) -> str:
    """The object an entry is about: a list of all rows has no key of its own."""
    return "全部" if key == "all" else key


def _value(key: str, value) -> str:
    if isinstance(value, list):
        return "、".join(_value(key, one) for one in value)
    if isinstance(value, dict):
        return "、".join(f"{name} {one}" for name, one in value.items())
    if isinstance(value, bool):
        return "是" if value else "否"
    if key in _DIGESTS:
        return f"{str(value)[:DIGEST_SHOWN]}…"
    words = _CODES.get(key, {})
    # Of a lead's or a unit's paper: whose it is before the stroke, which paper behind it.
    parts = str(value).split("/") if key == "paper" else [str(value)]
    return "·".join(words.get(part, part) for part in parts)
