"""How the rules of rectifying read, for ``campaigns.domain.rulebook.wording``. Pure."""

from campaigns.domain.rulebook.rulebook import Rulebook

FULL = 100


def strike_off(rules: Rulebook) -> str:
    """Who strikes off."""
    who = {"lead": "由牵头单位或统筹办验收销号", "office": "由统筹办验收销号"}[rules.rectification.strike_off]
    return f"{who}；申请人和责任单位不能自己销号"


def reminders(rules: Rulebook) -> str:
    """When people are reminded of a date."""
    ahead = sorted(rules.rectification.reminder_days, reverse=True)
    days = [f"到期前 {day} 天" if day else "到期当天" for day in ahead]
    return f"{'、'.join(days)}（遇休息日提前到前一个工作日），逾期后首个工作日"


def slips(rules: Rulebook) -> str:
    """When a 督办单 is due, and its answer."""
    blue, yellow, red = rules.rectification.slip_workdays
    return (
        f"逾期满 {blue} 个工作日提请发蓝色督办单，满 {yellow} 个黄色，满 {red} 个红色，由统筹办签发；"
        f"签发后 {rules.rectification.slip_reply_workdays} 个工作日内反馈"
    )


def look_back(rules: Rulebook) -> str:
    """What is looked back on."""
    share = rules.rectification.look_back_share
    return "逐个回头看" if share == FULL else f"立行立改和红色督办的全查，其余抽查 {share}%"
