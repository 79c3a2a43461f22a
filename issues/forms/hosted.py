"""The filters over walks of others at the own windows."""

from issues.domain.hosted import walks_at_own_windows
from issues.forms.lists import ListFilterForm

HOSTED_TABS = {"all": "全部", "ours": "有问题交本单位"}


class HostedFilterForm(ListFilterForm):
    visible = walks_at_own_windows

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].label = "体验单位"
