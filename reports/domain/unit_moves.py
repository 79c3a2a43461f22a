"""What a unit that ends handed in, and periods that were published, stay as they are; a submission that is open is
finished by whoever works in its successor."""

from collections.abc import Collection
from datetime import date

from accounts.domain.unit_moves import StandingKind
from reports.enums import SubmissionState
from reports.models import Publication, Submission

ENDED = (SubmissionState.RECEIVED,)


def _open(unit_ids: Collection[int], day: date) -> int:
    return Submission.objects.filter(department__in=unit_ids).exclude(state__in=ENDED).count()


def _to_check(unit_ids: Collection[int], day: date) -> int:
    return Submission.objects.filter(checker__in=unit_ids).exclude(state__in=ENDED).count()


def _published(unit_ids: Collection[int], day: date) -> int:
    rows = Publication.objects.filter(campaign__roster__department__in=unit_ids)
    return rows.values("campaign_id", "period").distinct().count()


STANDING = (
    StandingKind("尚未接收的报送材料", "份", True, _open),
    StandingKind("由该单位审核、尚未办结的报送材料", "份", True, _to_check),
    StandingKind("已印发各期的数字和材料", "期", False, _published),
)
