"""The filters over walks of other units at the windows of the own unit."""

from issues.domain.hosted import hosted_walks_visible_to
from issues.forms.lists import ListFilterForm

HOSTED_TABS = {"all": "全部", "ours": "有问题交本单位"}


class HostedFilterForm(ListFilterForm):
    visible = hosted_walks_visible_to

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].label = "体验单位"
