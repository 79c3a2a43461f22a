"""Staged tables: rows stay on the server, for their owner, for 24 hours."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from core.models import StagedTable
from core.staging import KEEP, purge_staged, staged_visible_to
from reports.tasks import requeue_stalled_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return User.objects.create(username="u", name="测试")


def staged(owner, *, left: timedelta) -> StagedTable:
    return StagedTable.objects.create(kind="k", owner=owner, file="表.csv", expires_at=timezone.now() + left)


def test_an_expired_table_is_gone_for_its_owner_before_it_is_deleted(owner):
    kept, gone = staged(owner, left=KEEP), staged(owner, left=timedelta(seconds=-1))
    assert list(staged_visible_to(owner)) == [kept]
    assert purge_staged() == 1
    assert not StagedTable.objects.filter(pk=gone.pk).exists()


def test_the_minute_round_deletes_what_has_expired(owner):
    staged(owner, left=timedelta(seconds=-1))
    requeue_stalled_jobs()
    assert StagedTable.objects.count() == 0


def test_nobody_else_sees_it(owner):
    staged(owner, left=KEEP)
    assert not staged_visible_to(User.objects.create(username="v", name="别人")).exists()
