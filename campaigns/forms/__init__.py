"""Forms of campaigns and walks, an area a module."""

from campaigns.forms.walks import WALK_TABS, StartForm, StepForm, WaitingForm, WalkFilterForm

__all__ = ["WALK_TABS", "StartForm", "StepForm", "WaitingForm", "WalkFilterForm"]
