"""What may be done to the directory. Reading it needs no permission: it holds nothing about a person."""

from qingting.core.permissions import declare

MANAGE = declare("directory.manage", "维护单位、时限与日历")
