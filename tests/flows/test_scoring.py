"""考核评分 from the switch to the settled sheet, on the pages people use (L22 四（三）)."""

from datetime import datetime

import pytest

from campaigns.tests.setup_page import press
from scoring.models import ScoreNote, ScoreObjection, ScoreSheet
from tests.cast import TZ
from tests.faults.proofs import browser

JUNE = "/reports/QH2022/2022-06/scores/"
POINT, MANUAL = "按时报送体验材料", "建立健全制度机制"


@pytest.mark.django_db
def test_scoring_from_the_switch_to_the_settled_sheet(cast, clock):
    office, second, unit = (browser(cast.people[name]) for name in ("office", "office_second", "liaison"))
    assert office.get(JUNE).status_code == 404
    press(office, "/campaigns/QH2022/amend/", reason="启用评分")
    press(office, "/campaigns/QH2022/rules/scoring/", on="on")
    press(office, "/campaigns/QH2022/issue/")
    clock.move_to(datetime(2022, 7, 5, 10, 0, tzinfo=TZ))
    for one, user in ((office, "office"), (second, "office_second"), (unit, "liaison")):
        one.force_login(cast.people[user], backend="django.contrib.auth.backends.ModelBackend")
    [row] = unit.get(JUNE).context["rows"]
    sheet = f"{JUNE}units/{row['unit'].id}/"
    # Nothing was walked, planned or handed in: the point for the report loses 2, the one for the walk all of its 15.
    assert {line["point"].rule: line["deducted"] for line in unit.get(sheet).context["lines"]}["walk_owed"] == "15"
    press(unit, f"{sheet}object/", point=POINT, text="材料已送达窗口")
    press(office, f"{JUNE}objection/{ScoreObjection.objects.get().pk}/agree/", answer="属实", amount="2")
    press(office, f"{sheet}note/", point=MANUAL, amount="1.5", text="没有建立台账制度")
    assert "人工评定待复核" in press(office, f"{JUNE}settle/").text
    press(second, f"{JUNE}note/{ScoreNote.objects.get().pk}/agree/")
    assert "已确定第 1 版" in press(office, f"{JUNE}settle/").text
    settled = ScoreSheet.objects.get()
    [mine] = [one for one in settled.data["units"] if one["id"] == row["unit"].id]
    # 100 less 15 for the walk, 5 for the plan where one is asked for, 1.5 noted; the 2 for the report came back.
    plan = next(line for line in mine["lines"] if line["point"]["rule"] == "plan_late")
    assert mine["total"] == 100 - 15 - 1.5 - (5 - plan["score"])
    assert unit.get(JUNE).context["sheet"] == settled
