"""What the description of the API (OpenAPI) calls the values of all apps, in Chinese."""

from typing import Any

from core.api_schema import is_chinese

# What a value is called that stands under the same name in many places and has no words of its own.
NAMES = {
    "accepted_at": "接收时间",
    "act": "操作",
    "action": "操作代码",
    "actor": "办理人",
    "at": "时间",
    "campaign": "活动代码",
    "category": "分类",
    "checker_name": "审核单位",
    "code": "活动代码",
    "component": "规定环节代码",
    "contact_phone": "责任人联系电话（已遮盖）",
    "count": "共几行",
    "cursor": "翻页位置，取自上一页的 next、previous",
    "data": "汇总数据，与命令 summary --json 相同",
    "department": "单位的 id",
    "department_name": "单位名称",
    "detail": "说明",
    "digest": "摘要",
    "discovering_department": "发现单位的 id",
    "due_on": "时限",
    "fields": "各项内容的说明",
    "figures": "报送的数据",
    "first_sent_at": "首次报送时间",
    "format": "描述文件的格式",
    "id": "标识",
    "issue_id": "问题的标识",
    "issues_open": "未销号的问题（件）",
    "item": "事项",
    "label": "名称",
    "lang": "语言",
    "lead_department": "牵头单位的 id",
    "left_open": "尚未办结的事项",
    "limit": "一页几行",
    "members": "所含事项",
    "name": "名称",
    "named": "尚未办结事项的标记，办理时带回",
    "next": "下一页地址",
    "note": "说明",
    "number": "问题编号",
    "office": "统筹办",
    "offset": "从第几行以后开始",
    "order": "顺序",
    "parent": "上级区域",
    "period": "期间",
    "person": "回访对象或参加人员",
    "pk": "标识",
    "previous": "上一页地址",
    "receiver": "接收单位的 id",
    "receiver_name": "接收单位",
    "region": "区域的 id",
    "reported_at": "报送时间",
    "responsible_department": "责任单位的 id",
    "results": "本页各行",
    "return_reason": "退回原因",
    "rows": "计划各行",
    "rule": "规则代码",
    "sent_at": "报送时间",
    "signed_at": "签字时间",
    "state": "状态",
    "status": "报送情况",
    "step_id": "记录的标识",
    "template": "所依通知的代号",
    "version": "版本号",
    "waiting": "1 等结果，0 已取得结果",
    "walk_date": "体验日期",
    "walker": "体验人",
    "walker_capacity": "体验人身份",
    "walker_id": "体验人的 id",
    "whole_version": "全程总结的版本",
    "zero_reason": "零报告说明",
}


def name_everything(result: dict, **kwargs: Any) -> dict:
    """Hook of drf-spectacular: where a value has no Chinese words of its own it is called by ``NAMES``."""
    for schema in result.get("components", {}).get("schemas", {}).values():
        for name, one in schema.get("properties", {}).items():
            _name(one, name)
    for methods in result["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                _name(parameter, parameter["name"])
    return result


def _name(one: dict, name: str) -> None:
    if not is_chinese(f"{one.get('title', '')}{one.get('description', '')}") and name in NAMES:
        one["description"] = NAMES[name]
