"""Who acts: a person at a post, a seeker on a visit, another desk, or the platform itself."""

from dataclasses import dataclass, field

from qingting.core.errors import NotAllowed
from qingting.core.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """One who asks for something to be read or done.

    account_id: 0 where no account acts; organisation_id: the organisation acted for; acting_as: what the journal
    records (`person`, `seeker`, `desk`, `system`); permissions: names such as `cases.close`.
    """

    account_id: int
    organisation_id: int
    province: str
    acting_as: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    scope: Scope = field(default_factory=Scope)
    visit_id: int = 0

    def may(self, permission: str, organisation_id: int | None = None) -> bool:
        """Whether the permission is held and, where an organisation is named, reaches that organisation."""
        if self.acting_as == "system":
            return True
        reaches = organisation_id is None or organisation_id in self.scope.organisations
        return permission in self.permissions and reaches

    def require(self, permission: str, organisation_id: int | None = None) -> None:
        """Raise NotAllowed unless the actor may."""
        if not self.may(permission, organisation_id):
            raise NotAllowed(
                "您当前的岗位没有这项权限。",
                code="core.actor.not-allowed",
                do_next="如工作需要，请联系本单位管理员调整岗位，或切换到有权限的岗位。",
            )


SYSTEM = Actor(account_id=0, organisation_id=0, province="", acting_as="system", scope=EVERYTHING)


def system_for(organisation_id: int, province: str) -> Actor:
    """The platform acting in the name of one organisation (a clock that ran out, a desk's message that arrived)."""
    return Actor(
        account_id=0,
        organisation_id=organisation_id,
        province=province,
        acting_as="system",
        scope=EVERYTHING,
    )
