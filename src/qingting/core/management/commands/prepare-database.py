"""Make an installation ready: the least-privileged application role, every migration as the owner, its rights, reference
data, and the pages' files in their place, so that nothing changes under a running process.
"""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from qingting.core import crypto
from qingting.core.roles_in_database import ensure_application_role, grant_rights


class Command(BaseCommand):
    help = "Create the application's database role, migrate as the owner, and grant what the application may."

    def handle(self, *args: object, **options: object) -> None:
        connections.settings["owner"] = connections.configure_settings(
            {**connections.settings, "owner": settings.OWNER_DATABASE}
        )["owner"]
        crypto.keyring()
        ensure_application_role(connections["owner"])
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        grant_rights(connections["owner"])
        connections["owner"].close()
        call_command("load-reference-data", verbosity=0)
        call_command("load-knowledge", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write("database ready")
