"""A ledger comes in: what stands in its columns, in which state, and that a second time changes nothing."""

from datetime import date

import pytest

from issues.models import Issue
from ledgers.domain.imports import import_ledger
from ledgers.tests.tables import LAYOUTS, ledger, row


def brought_in(cast, path, **options):
    done = import_ledger(campaign=cast.campaign, path=path, **options)
    assert [str(error) for error in done.errors] == []
    return done


def test_l1(cast):
    done = import_ledger(campaign=cast.campaign, path=next(LAYOUTS.glob("L1*")), create_missing=True)
    print([str(e) for e in done.errors], done.as_dict())
    for i in Issue.objects.all():
        print({k: v for k, v in vars(i).items() if v not in (None, "")}, list(i.measures.values_list("text", flat=True)))
    done = import_ledger(campaign=cast.campaign, path=next(LAYOUTS.glob("L1*")), create_missing=True)
    print(done.as_dict())
    assert 0
