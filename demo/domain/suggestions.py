"""意见建议 of the demonstration: one answered, one that waits."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from demo.domain.scenario import Cast
from manual.domain import suggestions

FIRST, ANSWER = "台账在窗口的旧电脑上字太小。", "请点右上角账号菜单中的“大字显示”，这台电脑以后都用大字。"
SECOND = "希望导出的文件名带上单位名称。"
SENT_AT, ANSWERED_AT, LATER = datetime(2022, 6, 14, 9), datetime(2022, 6, 14, 16), datetime(2022, 6, 20, 10)


def seed_suggestions(cast: Cast) -> None:
    """Of the first county's office and of a liaison."""
    first = suggestions.send(
        author=cast.by_username["tongchou"], route="issues", text=FIRST, now=timezone.make_aware(SENT_AT)
    )
    administrator = User.objects.get(username="xitong")
    suggestions.answer(suggestion=first, actor=administrator, text=ANSWER, now=timezone.make_aware(ANSWERED_AT))
    suggestions.send(author=cast.by_username["lianluo"], route="report", text=SECOND, now=timezone.make_aware(LATER))
