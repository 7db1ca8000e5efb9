"""Who sees the numbers."""

from qingting.core.permissions import declare

VIEW = declare("statistics.view", "查看统计")
