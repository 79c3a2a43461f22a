from django.db import models


class Role(models.TextChoices):
    """What a person is in a department. One person may hold several (docs/rules.md section 1)."""

    PRINCIPAL = "principal", "主要负责同志"
    DEPUTY = "deputy", "分管负责同志"
    LIAISON = "liaison", "联络员"
    RESPONSIBLE = "responsible", "整改责任人"
    LEAD = "lead", "牵头单位经办"
    OFFICE = "office", "统筹办"
    SUPERVISOR = "supervisor", "督查"


LEADER_ROLES = (Role.PRINCIPAL, Role.DEPUTY)
UNIT_ROLES = (Role.PRINCIPAL, Role.DEPUTY, Role.LIAISON)


class AccountKind(models.TextChoices):
    """One value per account, so nobody holds two of the three administrators, or one and a business role (三员分立)."""

    STAFF = "staff", "业务人员"
    SYSADMIN = "sysadmin", "系统管理员"
    SECADMIN = "secadmin", "安全管理员"
    AUDITOR = "auditor", "审计员"


class TokenScope(models.TextChoices):
    """What a token may do; never more than its owner, and nothing that asks for the password."""

    READ = "read", "只读"
    ACT = "act", "读取和办理"


class Decision(models.TextChoices):
    """What became of a requested role. A refused one may still be granted later."""

    WAITING = "waiting", "待决定"
    GRANTED = "granted", "已授予"
    REFUSED = "refused", "未授予"


class DepartmentKind(models.TextChoices):
    COUNTY = "county", "县级部门"
    DISTRICT = "district", "县（市）区"
    TOWN = "town", "镇街"
    UTILITY = "utility", "公共服务企业"
    OFFICE = "office", "统筹机构"
    OTHER = "other", "其他"


# Words of offices for the kinds of units, at every level: the label counts as well.
_LEVELS = "省市县区旗州盟"
DEPARTMENT_KIND_WORDS: dict[str, str] = {
    **{f"{level}直{what}": DepartmentKind.COUNTY for level in _LEVELS for what in ("部门", "单位", "机关")},
    **{f"{level}级{what}": DepartmentKind.COUNTY for level in _LEVELS for what in ("部门", "单位", "机关")},
    **{f"{level}政府部门": DepartmentKind.COUNTY for level in _LEVELS},
    **{f"{level}委部门": DepartmentKind.COUNTY for level in _LEVELS},
    **dict.fromkeys(
        ("部门", "政府部门", "政府工作部门", "政府组成部门", "直属机构", "党委部门", "党委工作部门", "党群部门",
         "群团", "群团组织", "群团机关", "人民团体", "事业单位", "直属事业单位", "垂直管理部门", "垂管单位",
         "中省驻县单位", "驻县单位", "派出机构"),
        DepartmentKind.COUNTY,
    ),
    **dict.fromkeys(
        ("县区", "区县", "县市区", "市县区", "市辖区", "县级市", "自治县", "自治旗", "旗县区", "旗县市区", "县", "区",
         "旗", "开发区", "功能区"),
        DepartmentKind.DISTRICT,
    ),
    **dict.fromkeys(
        ("乡镇", "镇", "乡", "民族乡", "街道", "街道办", "街道办事处", "乡镇街道", "乡镇（街道）", "镇（街道）", "镇办",
         "苏木", "民族苏木", "苏木乡镇", "苏木镇"),
        DepartmentKind.TOWN,
    ),
    **dict.fromkeys(
        ("国有企业", "国企", "公用企业", "公用事业", "公用事业单位", "公共服务单位", "水电气暖企业"),
        DepartmentKind.UTILITY,
    ),
    **dict.fromkeys(("统筹办", "统筹单位"), DepartmentKind.OFFICE),
    **dict.fromkeys(("企业", "社会组织", "其他单位"), DepartmentKind.OTHER),
}  # fmt: skip


class UnitChangeKind(models.TextChoices):
    """机构变动."""

    RENAMED = "renamed", "更名"
    MERGED = "merged", "合并"
    SPLIT = "split", "拆分"


class RegionLevel(models.TextChoices):
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWN = "town", "镇街"
    VILLAGE = "village", "村"
