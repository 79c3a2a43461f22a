"""The audit in words. Codes stand in ``core.audit.record`` calls of every app; an unknown one is shown as it is."""

ACTIONS = {
    "membership.granted": "授予角色",
    "user.created": "新增人员",
    "user.disabled": "停用账号",
    "user.password_changed": "修改密码",
    "units.imported": "导入单位",
    "items.imported": "导入事项",
    "people.imported": "导入人员",
    "campaign.issued": "印发活动",
    "campaign.roster_extended": "补充活动名单",
    "session.signed": "体验签字",
    "session.reported": "体验报送",
    "ledger.exported": "导出台账",
    "report.exported": "导出统计表",
    "summary.compiled": "汇总",
}
OBJECTS = {
    "user": "账号",
    "region": "区域",
    "campaign": "活动",
    "session": "体验",
    "ledger": "台账",
    "issue": "问题",
    "file": "文件",
}
_FACTS = {
    "digest": "校验值",
    "version": "版本",
    "template": "模板",
    "role": "角色",
    "department": "单位序号",
    "user": "账号序号",
    "conditions": "条件",
    "rows": "行数",
    "period": "期间",
    "scope": "范围",
    "as_of": "截至",
    "file": "文件",
    "created": "新增",
    "updated": "更新",
    "unchanged": "未变",
    "added": "补入",
}
DIGEST_SHOWN = 12


def in_words(detail: dict) -> list[str]:
    """``{"rows": 5}`` → ``["行数：5"]``; a digest is cut to its first characters, the row itself keeps the whole."""
    return [f"{_FACTS.get(key, key)}：{_value(key, value)}" for key, value in detail.items() if value not in ("", [])]


def _value(key: str, value) -> str:
    if key == "digest":
        return f"{str(value)[:DIGEST_SHOWN]}…"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
