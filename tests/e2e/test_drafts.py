"""What was typed and not sent, in a real browser: back where it was written, named on the walk's page, never twice."""

import re
from datetime import datetime

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from evidence.tests.samples import photo
from tests.cast import PASSWORD, TZ, issue_in, open_walk, reported_walk
from walks.domain.stored import token_of_step
from walks.models import Step, Walk

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
NOTE = "取号后等了四十分钟"
# What is pressed: a checkbox by its whole label. On a phone the head of a table is for screen readers alone.
SMALLER_THAN_A_FINGER = """() => Array.from(document.querySelectorAll(
  "main a, main button, main select, main textarea, main summary, main .field-check label, " +
  "main input:not([type=hidden]):not([type=checkbox]), .action-bar a, .action-bar button"
)).filter(el => {
  const box = el.getBoundingClientRect();
  return box.width > 0 && !el.closest("thead") && (box.width < 44 || box.height < 44);
}).map(el => el.outerHTML.slice(0, 120))"""


def picture(name: str) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo()}


def test_a_draft_comes_back_only_at_its_step_and_the_walk_names_it(sign_in, cast):
    walk = f"/walks/{open_walk(cast, now=timezone.now()).pk}/"
    page = sign_in("principal", phone=True)
    page.goto(f"{walk}steps/add/?stage=queue")
    page.get_by_label("经过").fill(NOTE)
    page.goto(f"{walk}steps/add/?stage=fill")
    assert page.get_by_label("经过").input_value() == ""
    assert page.get_by_role("radio", name="填写表格").is_checked()
    page.goto(walk)
    page.locator("[data-drafts]").get_by_role("link", name=re.compile("登记步骤：取号排队")).tap()
    page.get_by_text("已恢复未提交的内容").wait_for()
    assert page.get_by_label("经过").input_value() == NOTE
    assert page.get_by_role("radio", name="取号排队").is_checked()
    key = page.locator("#step-form input[name=idempotency_key]")
    sent_with = key.input_value()
    page.get_by_role("button", name="保存", exact=True).last.tap()
    page.wait_for_url(f"**{walk}")
    assert not page.locator("[data-drafts]").is_visible()

    page.go_back()
    page.get_by_text("您已从本页提交过一次").wait_for()
    # Under the same key the server makes no second record.
    assert (page.get_by_label("经过").input_value(), key.input_value()) == ("", sent_with)


def test_an_expired_session_loses_no_word_and_names_the_photos_to_choose_again(sign_in, cast):
    walk = f"/walks/{open_walk(cast, now=timezone.now()).pk}/"
    page = sign_in("principal", phone=True)
    page.goto(f"{walk}steps/add/?stage=queue")
    page.get_by_label("经过").fill(NOTE)
    page.locator("input[type=file]").set_input_files([picture("大厅.jpg"), picture("叫号屏.jpg")])
    Session.objects.all().delete()
    page.get_by_role("button", name="保存", exact=True).last.tap()
    missing = "请重新选择 2 张：大厅.jpg、叫号屏.jpg"
    page.locator(".login-card").get_by_text(missing).wait_for()
    page.get_by_label("用户名").fill("principal")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/steps/add/?stage=queue")
    page.locator(".draft-bar").get_by_text(missing).wait_for()
    assert page.get_by_label("经过").input_value() == NOTE
    page.goto(walk)
    page.locator("[data-drafts]").get_by_text(missing).wait_for()
    assert not Step.objects.filter(note=NOTE).exists()


def test_a_draft_written_on_an_older_version_is_no_way_around_the_other_person(sign_in, cast):
    walk = open_walk(cast, now=timezone.now())
    step = walk.steps.get()
    opened_on = token_of_step(step)
    url = f"/walks/{walk.pk}/steps/{step.public_id}/"
    page = sign_in("principal")
    page.goto(url)
    page.get_by_label("经过").fill("我写的经过")
    page.goto("/")
    Step.objects.filter(pk=step.pk).update(note="他人写的经过")
    page.goto(url)
    page.get_by_text("已恢复未提交的内容").wait_for()
    assert page.get_by_label("经过").input_value() == "我写的经过"
    # The server refuses this one (tests/flows/test_two_people.py).
    assert page.locator("#step-form input[name=seen]").input_value() == opened_on


def test_what_is_pressed_is_large_enough_for_a_finger(sign_in, cast):
    walk = open_walk(cast, now=timezone.now(), problems=2)
    issue_in(cast, "rectifying")
    page = sign_in("liaison", phone=True)
    for address in (f"/walks/{walk.pk}/complete/", "/issues/", "/reports/", "/help/", "/tokens/", "/notices/mail/"):
        page.goto(address)
        small = page.evaluate(SMALLER_THAN_A_FINGER)
        assert page.locator("main a, main button").count() > 0
        assert (address, small) == (address, [])


def test_back_after_starting_a_walk_ticks_nothing(sign_in, cast):
    page = sign_in("principal", phone=True)
    page.get_by_role("radio", name=re.compile("结婚登记")).tap()
    page.get_by_role("button", name="亲身办").tap()
    page.wait_for_url(re.compile(r"/walks/[0-9a-f-]{36}/"))
    page.go_back()
    page.get_by_role("button", name="亲身办").wait_for()
    assert page.locator("input[name=item]:checked").count() == 0
    assert Walk.objects.count() == 1


def test_a_form_of_settings_survives_an_expired_session_and_its_password_does_not(sign_in, cast):
    page = sign_in("liaison", phone=True)
    page.goto("/tokens/add/")
    page.get_by_label("用途").fill("每日读取台账")
    page.get_by_label("密码").fill(PASSWORD)
    Session.objects.all().delete()
    page.locator("#token-form").evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/login/**")
    page.get_by_label("用户名").fill("liaison")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").tap()
    page.get_by_text("已恢复未提交的内容").wait_for()
    assert page.get_by_label("用途").input_value() == "每日读取台账"
    assert page.get_by_label("密码").input_value() == ""
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("#token-form").evaluate("form => form.requestSubmit()")
    page.locator(".secret-key").wait_for()
    assert PASSWORD not in page.evaluate("JSON.stringify(localStorage)")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []


@pytest.mark.clock(datetime(2022, 6, 22, 9, tzinfo=TZ), tick=True)
def test_a_draft_brings_back_the_reason_and_no_tick_that_confirms_what_was_listed(sign_in, cast):
    reported_walk(cast)
    page = sign_in("office")
    address = "/reports/QH2022/2022-06/publish/"
    page.goto(address)
    page.get_by_label("已核对以上未报齐的单位").check()
    page.get_by_role("button", name="确认印发").click()
    page.goto(address)
    page.get_by_label("更正原因").fill(NOTE)
    page.get_by_label("已核对以上未报齐的单位").check()
    page.get_by_role("link", name="改按今天的情况更正").click()
    page.get_by_text("已恢复未提交的内容").wait_for()
    assert page.get_by_label("更正原因").input_value() == NOTE
    assert not page.get_by_label("已核对以上未报齐的单位").is_checked()
