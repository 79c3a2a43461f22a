"""考核评分: whether the system scores the units, the headings with their 分, and the points under each."""

from decimal import Decimal

from django import forms

from campaigns.domain.rulebook.rubric import FULL_SCORE, TENTHS, ScorePoint, Scoring, faults_of, forbidden
from campaigns.domain.rulebook.rulebook import load_template
from campaigns.enums import ScorePer, ScoreRule
from campaigns.forms.rules import RuleForm, number
from core.forms import TextField

MOST_WEIGHTS, MOST_POINTS, SPARE = 6, 24, 3


class RuleChoice(forms.ChoiceField):
    """One of the closed list; what may not be scored is refused with the reason."""

    def validate(self, value):
        if value and not self.valid_value(value):
            raise forms.ValidationError(forbidden(value) or "没有这种评分规则，请从所列规则中选择。")


class ScoringForm(RuleForm):
    """Where nothing was set yet, the proposal for L22 is shown; it is stored when scoring is switched on with it."""

    group = "scoring"
    rows_of = (("scoring.counts_in", "weights", ("counts_in", ""), ("on", "")),)
    counts_in = TextField(
        label="纳入什么考核",
        required=False,
        max_length=60,
        help_text="由考核部门办理，系统只写明；如政府年度绩效考核。",
    )
    on = forms.BooleanField(
        label="对各单位评分", required=False, help_text="从不计登录和上传次数；发现问题多，不会因此少得分。"
    )

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, rules=rules, **kwargs)
        self.is_proposal = not rules.scoring.weights and not rules.scoring.points
        shown = load_template("lantian-2022").scoring if self.is_proposal else rules.scoring
        self._add_weights(list(shown.weights.items()))
        self.lines = min(len(shown.points) + SPARE, MOST_POINTS)
        for place in range(self.lines):
            self._add_point(place, shown, shown.points[place] if place < len(shown.points) else None)

    def pairs(self) -> list[tuple]:
        """The headings, each (name, points)."""
        return [(self[f"heading_{place}"], self[f"points_{place}"]) for place in range(MOST_WEIGHTS)]

    def points(self) -> list[dict]:
        """The lines of the rubric, each {part: its field}."""
        parts = ("head", "name", "rule", "maximum", "deduction", "per")
        return [{part: self[f"p{place}_{part}"] for part in parts} for place in range(self.lines)]

    def clean(self):
        cleaned = super().clean()
        weights: dict[str, int] = {}
        for place in range(MOST_WEIGHTS):
            name, given = cleaned.get(f"heading_{place}", ""), cleaned.get(f"points_{place}")
            if name in weights:
                self.add_error(f"heading_{place}", f"“{name}”重复了。")
            elif name:
                weights[name] = given or 0
        read = [(place, self._read_point(place, cleaned)) for place in range(self.lines)]
        cleaned["weights"] = weights
        cleaned["points"] = tuple(point for _, point in read if point)
        self._name_faults([(place, point) for place, point in read if point])
        return cleaned

    def values(self):
        values = super().values()
        if self.is_proposal and not values["on"]:
            values |= {"weights": {}, "points": ()}
        return values

    def _add_weights(self, lines: list[tuple[str, int]]) -> None:
        for place in range(MOST_WEIGHTS):
            name, given = lines[place] if place < len(lines) else ("", None)
            self.fields[f"heading_{place}"] = TextField(
                label=f"第 {place + 1} 项", required=False, max_length=30, initial=name
            )
            self.fields[f"points_{place}"] = number("分值", 0, FULL_SCORE, required=False, initial=given)

    def _add_point(self, place: int, shown: Scoring, point: ScorePoint | None) -> None:
        names = list(shown.weights)
        heads = [(str(n), names[n] if n < len(names) else f"第 {n + 1} 项") for n in range(MOST_WEIGHTS)]
        at = str(names.index(point.head)) if point and point.head in names else ""
        rules = [("", "（选择规则）"), *ScoreRule.choices]
        key, line = f"p{place}_", f"第 {place + 1} 行"
        self.fields |= {
            f"{key}head": forms.ChoiceField(
                label=f"{line}考核内容", required=False, choices=[("", "（选择考核内容）"), *heads], initial=at
            ),
            f"{key}name": TextField(
                label=f"{line}评分项", required=False, max_length=40, initial=point.name if point else ""
            ),
            f"{key}rule": RuleChoice(
                label=f"{line}评分规则", required=False, choices=rules, initial=point.rule if point else ""
            ),
            f"{key}maximum": _score(f"{line}分值", point.maximum if point else None),
            f"{key}deduction": _score(f"{line}每次扣分", point.deduction if point else None),
            f"{key}per": forms.ChoiceField(
                label=f"{line}扣分单位",
                required=False,
                choices=ScorePer.choices,
                initial=point.per if point else ScorePer.ROW.value,
            ),
        }

    def _read_point(self, place: int, cleaned: dict) -> ScorePoint | None:
        """The point of a line; None for an empty one, or when a field of it was refused."""
        given = {part: cleaned.get(f"p{place}_{part}") for part in ("head", "name", "rule", "maximum", "deduction")}
        if (not given["name"] and not given["rule"]) or any(name.startswith(f"p{place}_") for name in self.errors):
            return None
        for part, words in (("name", "请填写评分项名称。"), ("rule", "请选择评分规则。"), ("head", "请选择考核内容。")):
            if not given[part]:
                self.add_error(f"p{place}_{part}", words)
        head = cleaned.get(f"heading_{given['head']}", "") if given["head"] else ""
        if given["head"] and not head:
            self.add_error(f"p{place}_head", "所选的考核内容没有名称，请先填写上面的考核内容。")
        is_manual = given["rule"] == ScoreRule.MANUAL
        return ScorePoint(
            head=head,
            name=given["name"],
            rule=given["rule"],
            maximum=_tenths(given["maximum"]),
            deduction=0 if is_manual else _tenths(given["deduction"]),
            per=cleaned.get(f"p{place}_per") or ScorePer.ROW.value,
        )

    def _name_faults(self, read: list[tuple[int, ScorePoint]]) -> None:
        seen = set()
        for place, point in read:
            told = {name.partition("_")[2] for name in self.errors if name.startswith(f"p{place}_")}
            for part, words in faults_of(point):
                if part not in told:
                    self.add_error(f"p{place}_{part}", words)
            if point.name in seen and "name" not in told:
                self.add_error(f"p{place}_name", f"“{point.name}”重复了。")
            seen.add(point.name)


def _score(label: str, tenths: int | None) -> forms.DecimalField:
    words = f"应为 0 至 {FULL_SCORE} 的数，最多一位小数。"
    errors = dict.fromkeys(("invalid", "min_value", "max_value", "max_digits", "max_decimal_places"), words)
    initial = None if tenths is None else f"{tenths / TENTHS:g}"
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=FULL_SCORE,
        decimal_places=1,
        initial=initial,
        error_messages=errors,
    )


def _tenths(given: Decimal | None) -> int:
    return int((given or 0) * TENTHS)
