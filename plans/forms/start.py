"""The form that opens a walk."""

import json

from django import forms

from campaigns.enums import ActivityKind, DelegationReason, WalkMode
from catalogue.domain.queries import items_to_walk
from core.forms import OnceForm
from walks.domain.start_options import Leader, Offer, Opening


class StartForm(OnceForm):
    """Item and mode; kind (走流程 unless chosen), campaign and unit where there is a choice, a liaison's walker."""

    item = forms.ModelChoiceField(
        queryset=None,
        label="体验事项",
        error_messages={"required": "请先选择事项，再点体验形式。", "invalid_choice": "没有找到所选事项，请重新选择。"},
    )
    mode = forms.ChoiceField(
        choices=WalkMode.choices,
        label="体验形式",
        error_messages={"required": "请点选体验形式。", "invalid_choice": "没有这种体验形式，请重新选择。"},
    )
    place = forms.ChoiceField(required=False, label="活动")
    kind = forms.ChoiceField(
        choices=ActivityKind.choices,
        required=False,
        initial=ActivityKind.PROCESS,
        label="活动类型",
        error_messages={"invalid_choice": "没有这种活动类型，请重新选择。"},
    )
    walker = forms.ChoiceField(required=False, label="体验人")

    delegation_reason = forms.ChoiceField(
        choices=DelegationReason.choices,
        required=False,
        label="委托理由",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "没有这种委托理由，请重新选择。"},
    )

    def __init__(self, *args, user, openings: list[Opening], leaders: list[Leader], offer: Offer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = offer.modes
        self.fields["kind"].choices = [(kind, ActivityKind(kind).label) for kind in offer.kinds]
        self.fields["delegation_reason"].choices = [(one, DelegationReason(one).label) for one in offer.reasons]
        if len(offer.reasons) == 1 and all(fits["delegation_reason"] for fits in offer.fits.values()):
            # The only reason the notices know needs no tap.
            self.fields["delegation_reason"].initial = offer.reasons[0]
        self.asks_reason = bool(offer.reasons)
        self.openings = {opening.value: opening for opening in openings}
        self.leaders = {str(leader.user.pk): leader for leader in leaders}
        self.fields["item"].queryset = items_to_walk(user)
        several_units = len({opening.department.pk for opening in openings}) > 1
        self.fields["place"].choices = [
            (opening.value, f"{opening.department}：{opening.campaign}" if several_units else str(opening.campaign))
            for opening in openings
        ]
        # static/js/start.js leaves what the chosen campaign refuses out of sight; without it the domain says so.
        fits = {opening.value: offer.fits[opening.campaign.pk] for opening in openings}
        self.fields["place"].widget.attrs["data-fits"] = json.dumps(fits)
        if leaders:
            own = [("", "本人")] if any(opening.is_led for opening in openings) else [("", "请选择体验人")]
            self.fields["walker"].choices = own + [(str(leader.user.pk), leader.label) for leader in leaders]
        else:
            del self.fields["walker"]

    def clean(self):
        cleaned = super().clean()
        place = cleaned.get("place") or next(iter(self.openings), "")
        self.opening = self.openings.get(place)
        self.leader = leader = self.leaders.get(cleaned.get("walker") or "")
        if "delegation_reason" not in self.errors:
            given = cleaned.get("delegation_reason") or self.fields["delegation_reason"].initial
            cleaned["delegation_reason"] = given or ""
        if self.opening is None:
            self.add_error(None, "本单位不在实施中的活动名单内，体验未开始。")
        elif leader is None and not self.opening.is_led:
            self.add_error("walker", "请选择体验人：由联络员登记的，须写明是哪位负责同志的体验。")
        elif leader is not None and leader.department_id != self.opening.department.pk:
            self.add_error("walker", f"{leader.user.label}不是{self.opening.department}的负责同志，请重新选择。")
        return cleaned
