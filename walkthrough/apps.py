from django.apps import AppConfig
from django.core.checks import Tags, register

from walkthrough import checks


class WalkthroughConfig(AppConfig):
    name = "walkthrough"
    verbose_name = "一把手走流程"

    def ready(self):
        register(checks.addresses)
        register(checks.broker)
        register(checks.var_dir, Tags.files)
        register(checks.test_hooks, Tags.security, deploy=True)
