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
    "campaign.drafted": "起草活动",
    "campaign.amending": "调整规则",
    "campaign.amendment_discarded": "放弃调整",
    "campaign.roster_extended": "补充活动名单",
    "campaign.roster_changed": "调整活动名单",
    "campaign.receivers_changed": "调整接收单位",
    "campaign.deadline_approved": "批准提前期限",
    "campaign.deadline_kept": "维持原期限",
    "hotline.imported": "导入热线工单数",
    "hotline.issued": "印发跟单名单",
    "hotline.exported": "导出跟单名单",
    "draw.made": "随机抽取事项",
    "session.signed": "体验签字",
    "session.reported": "体验报送",
    "session.released": "暗访公开",
    "session.viewed": "查看暗访",
    "session.readers_named": "增加暗访知情人",
    "ledger.exported": "导出台账",
    "report.exported": "导出统计表",
    "summary.compiled": "汇总",
    "user.signed_in": "登录",
    "job.downloaded": "下载后台文件",
    "issue.register": "问题登记入账",
    "issue.fix_on_spot": "问题立行立改",
    "issue.take": "问题自行整改",
    "issue.assign": "问题交办",
    "issue.accept": "问题签收",
    "issue.dispute": "问题退单",
    "issue.plan": "问题定措施",
    "issue.defer": "问题长期挂账",
    "issue.resume": "问题恢复整改",
    "issue.refer": "问题转上级",
    "issue.request_closing": "问题申请销号",
    "issue.approve_closing": "问题销号",
    "issue.return_closing": "问题退回整改",
    "issue.look_back_pass": "问题回头看通过",
    "issue.look_back_fail": "问题回头看未通过",
    "issue.merge": "问题并案",
    "issue.dismiss": "问题不予采纳",
    "issue.note_progress": "问题填写进展",
    "issue.propose_dismissal": "问题提请不予采纳",
}
OBJECTS = {
    "user": "账号",
    "region": "区域",
    "campaign": "活动",
    "session": "体验",
    "ledger": "台账",
    "issue": "问题",
    "file": "文件",
    "job": "后台任务",
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
    "state": "状态",
    "round": "轮次",
}
DIGEST_SHOWN = 12


def in_words(detail: dict) -> list[str]:
    """``{"rows": 5}`` → ``["行数：5"]``; a digest is cut to its first characters, the row itself keeps the whole."""
    return [f"{_FACTS.get(key, key)}：{_value(key, value)}" for key, value in detail.items() if value not in ("", [])]


def _value(key: str, value) -> str:
    if key == "digest":
        return f"{str(value)[:DIGEST_SHOWN]}…"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
