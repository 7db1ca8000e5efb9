"""What may be done with accounts and posts."""

from qingting.core.permissions import declare

MANAGE = declare("staff.manage", "管理本单位账号与岗位")
APPOINT_OVERSEERS = declare("staff.appoint-overseers", "任命系统管理员与审计员")
