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


class RegionLevel(models.TextChoices):
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWN = "town", "镇街"
    VILLAGE = "village", "村"
