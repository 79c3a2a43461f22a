from django.apps import AppConfig
from django.core.checks import Tags, register

from walkthrough import checks


class WalkthroughConfig(AppConfig):
    name = "walkthrough"
    verbose_name = "一把手走流程"

    def ready(self):
        register(checks.addresses, checks.TAG)
        register(checks.broker, checks.TAG)
        register(checks.database, checks.TAG)
        register(checks.var_dir, checks.TAG)
        register(checks.test_hooks, Tags.security, deploy=True)
