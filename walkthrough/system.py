"""What the page of the system administrator says of the running installation."""

import platform
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone
from redis.exceptions import RedisError

from core import health, heartbeat
from core.backup import status
from core.jobs import waiting
from notifications.domain.queries import sending_state
from walkthrough import __version__

GOOD, BAD = "in_order", "attention"
STATE_WORDS = {GOOD: "正常", BAD: "需要处理"}
LATE_MINUTES = 60
ANSWERS = {"ok": "正常应答", "missing": "没有应答", "other version": "表结构不是本版本的"}
ALIVE = {"ok": "三分钟内有活动", "missing": "三分钟内没有活动"}


@dataclass(frozen=True)
class SystemPart:
    """One part: what it is called, how it is, and what to do where something is wrong."""

    label: str
    state: str
    text: str
    advice: str = ""

    @property
    def state_label(self) -> str:
        return STATE_WORDS[self.state]


def lines(now: datetime) -> list[SystemPart]:
    """Every part in a fixed order; the database is asked little, the broker twice."""
    said = health.report(now)
    return [
        _line("数据库", ANSWERS.get(said["database"], said["database"]), said["database"] == "ok", "检查数据库服务。"),
        _line("消息队列", _queue(said["broker"]), said["broker"] == "ok", "重新启动服务；填报不受影响。"),
        _line("后台任务", ALIVE[said["worker"]], said["worker"] == "ok", "重新启动服务。"),
        _line("定时任务", ALIVE[said["beat"]], said["beat"] == "ok", "重新启动服务；错过的提醒会补齐。"),
        _jobs(now),
        _line(
            "意外退出", said["restarts"].replace("ok", "近十分钟没有"), said["restarts"] == "ok", "查看该服务的日志。"
        ),
        _deliveries(now),
        _backup(now),
        _disk(),
        _line(
            "工作日历",
            f"{timezone.localdate(now).year} 年放假安排{'已录入' if said['calendar_year'] == 'ok' else '尚未录入'}",
            said["calendar_year"] == "ok",
            "在“工作日历”录入全年安排。",
        ),
        _checked("审计锚点", said["audit_anchor"]),
        _checked("签字核对", said["signatures"]),
        SystemPart("版本", GOOD, _versions()),
    ]


def _line(label: str, text: str, is_good: bool, advice: str) -> SystemPart:
    return SystemPart(label, GOOD, text) if is_good else SystemPart(label, BAD, text, advice)


def _queue(answer: str) -> str:
    if answer != "ok":
        return ANSWERS["missing"]
    try:
        with heartbeat.broker_client() as client:
            return f"正常应答，{client.llen('celery')} 项等待执行"
    except (RedisError, OSError):
        return ANSWERS["missing"]


def _jobs(now: datetime) -> SystemPart:
    number, oldest = waiting()
    if oldest is None:
        return SystemPart("汇总和导出", GOOD, "没有等待的")
    minutes = _minutes(oldest, now)
    text = f"{number} 项等待，最早的已等 {minutes} 分钟"
    return _line("汇总和导出", text, minutes < 10, "后台任务没有在执行：重新启动服务。")


def _deliveries(now: datetime) -> SystemPart:
    """Messages that leave the system; nothing where no channel is in use. One that failed is not hidden by its next
    attempt, which may be hours away."""
    state = sending_state()
    texts = [f"{state.dead} 条未能送达"] if state.dead else []
    if state.oldest:
        texts.append(f"{state.waiting} 条等待发送，最早的已等 {_minutes(state.oldest, now)} 分钟")
    if state.failed:
        texts.append(f"其中 {state.failed} 条发送失败过，稍后再试")
    is_late = state.oldest is not None and _minutes(state.oldest, now) >= LATE_MINUTES
    advice = "在“对外通知—发送情况”查看原因，改正后重新发送；没有写明原因的，检查后台任务。"
    return _line("对外通知", "，".join(texts) or "没有等待发送的", not (state.dead or is_late), advice)


def _minutes(since: datetime, now: datetime) -> int:
    return int((now - since).total_seconds() // 60)


def _backup(now: datetime) -> SystemPart:
    """Neither how many rows nor how large: that would grow with walks the reader may not know of."""
    last = status.read()
    if not last.is_there:
        text = "还没有备份"
    else:
        at = timezone.localtime(datetime.fromisoformat(last.at))
        text = f"最近一次 {at:%Y-%m-%d %H:%M}，已核对"
        text += "，但有文件有记录而不在磁盘上" if last.missing else ""
    if last.failed_at:
        text += f"；{datetime.fromisoformat(last.failed_at):%Y-%m-%d %H:%M} 没有写成：{last.reason}"
    is_good = not (last.is_old(now) or last.failed_at or last.missing)
    return _line("备份", text, is_good, "按提示处理后，系统在下一个整点三十五分再备份；也可在服务器上运行 backup。")


def _disk() -> SystemPart:
    texts, is_good = [], True
    for name, path in (("数据", settings.VAR_DIR), ("备份", settings.BACKUP_DIR)):
        if Path(path).is_dir():
            usage = shutil.disk_usage(path)
            share = usage.free / usage.total
            is_good = is_good and share >= health.MIN_FREE_SHARE
            texts.append(f"{name}所在磁盘剩余 {usage.free / 1e9:.1f} GB（{share:.0%}）")
    return _line("磁盘", "；".join(texts), is_good, "清理空间，或减少保留的备份份数。")


def _is_day(text: str) -> bool:
    return len(text) == 10 and text[4] == "-"


def _checked(label: str, said: str) -> SystemPart:
    if said == "missing":
        return SystemPart(label, BAD, "还没有核对过", "每天零时以后自动核对；过了一夜仍没有的，检查定时任务。")
    return _line(label, f"{said} 相符" if _is_day(said) else said, _is_day(said), "运行 verify_audit 查明。")


def _versions() -> str:
    if connection.vendor == "sqlite":
        database = f"SQLite {sqlite3.sqlite_version}"
    else:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            database = f"PostgreSQL {cursor.fetchone()[0]}"
    return f"本系统 {__version__}，{database}，Python {platform.python_version()}，Django {django.get_version()}"
