"""One key, one record: in turn, with other content, after a failure, and from many threads at once."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Region, User
from core.exceptions import KeyReused, Refused, StaleVersion, is_same_person
from core.idempotency import body_digest, once, seen
from core.models import IdempotencyKey
from tests.scale import scaled

pytestmark = pytest.mark.both_databases

ROUNDS, PRESSES = scaled(1, 40), scaled(20, 50)


@pytest.fixture
def user(db):
    return User.objects.create(username="u", name="测试")


def make(user, key="k" * 32, digest="d", name="甲"):
    return once(user=user, key=key, scope="region", digest=digest, act=lambda: Region.objects.create(name=name).pk)


def test_the_second_submit_gives_the_first_answer(user):
    first, ran = make(user)
    second, ran_again = make(user)
    assert (ran, ran_again) == (True, False)
    assert first == second == seen(user=user, key="k" * 32)
    assert Region.objects.count() == 1


@pytest.mark.parametrize("saved_by_another", [False, True])
def test_the_last_to_send_a_form_is_blamed_unless_another_saved_the_record_since(user, saved_by_another):
    other = User.objects.create(username="b", name="另一人")
    make(other, name="乙")
    make(user)
    once(user=other, key="o" * 32, scope="another form", digest="d", act=str)
    saved = (other, timezone.now()) if saved_by_another else None

    def act():
        raise StaleVersion("已有改动", own="您在另一处刚修改了", saved=saved)

    with pytest.raises(StaleVersion) as raised:
        once(user=user, key="n" * 32, scope="region", digest="d", act=act)
    told = ("已有改动", "另一人") if saved_by_another else ("您在另一处刚修改了", "您在另一处")
    assert (raised.value.message, raised.value.last.split("，")[0]) == told


def test_the_system_is_nobodys_own_account():
    assert not is_same_person(None, None)


def test_the_same_key_with_other_content_is_refused(user):
    make(user)
    with pytest.raises(KeyReused):
        make(user, digest="other")


def test_another_person_may_have_the_same_key(user):
    make(user)
    _, ran = make(User.objects.create(username="v", name="乙"), name="乙")
    assert ran


def test_a_refused_act_leaves_the_key_free(user):
    def refuse():
        Region.objects.create(name="半途")
        raise Refused("不行")

    with pytest.raises(Refused):
        once(user=user, key="a", scope="region", digest="d", act=refuse)
    assert not Region.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert make(user, key="a")[1]


@pytest.mark.parametrize("key", ["", "x" * 65])
def test_a_missing_or_overlong_key_is_refused_in_words(user, key):
    with pytest.raises(Refused, match="刷新页面"):
        make(user, key=key)


def test_digest_sees_content_and_not_order():
    assert body_digest({"a": 1, "b": 2}) == body_digest({"b": 2, "a": 1})
    assert body_digest({"a": 1}) != body_digest({"a": 2})


@pytest.mark.django_db(transaction=True)
def test_many_submits_at_once_make_one_record():
    user = User.objects.create(username="w", name="丙")
    for number in range(ROUNDS):
        submit_at_once(user, f"key-{number}")
        assert Region.objects.count() == number + 1


def submit_at_once(user, key):
    answers, errors = [], []
    start = threading.Barrier(PRESSES)

    def press():
        try:
            start.wait()
            answers.append(make(user, key=key, name=key))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(PRESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sum(ran for _, ran in answers) == 1
    assert len({result for result, _ in answers}) == 1
