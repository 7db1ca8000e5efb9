"""Every write of staff."""

from datetime import datetime

from django.db import transaction

from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.staff.models import Notice


@transaction.atomic
def notify_holders(
    *,
    organisation_id: int,
    permission: str,
    kind: str,
    subject: tuple[str, int],
    urgency: str,
    at: datetime,
    case_id: int | None = None,
    dedupe: str = "",
) -> None:
    """Tell whoever holds `permission` in the organisation. The same `dedupe` tells once."""
    with acting(EVERYTHING):
        province = Organisation.objects.values_list("province", flat=True).get(pk=organisation_id)
        Notice.objects.bulk_create(
            [
                Notice(
                    organisation_id=organisation_id,
                    province=province,
                    permission=permission,
                    kind=kind,
                    subject_kind=subject[0],
                    subject_id=subject[1],
                    case_id=case_id,
                    urgency=urgency,
                    created_at=at,
                    dedupe=dedupe,
                )
            ],
            ignore_conflicts=True,
        )
