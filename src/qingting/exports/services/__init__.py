"""Every write of exports."""

from qingting.exports.services.asking import NewExport, approve, ask, cancel, previewed, refuse
from qingting.exports.services.making import expire_exports, rotate_exports, work_on_exports
from qingting.exports.services.taking import Download, download

__all__ = [
    "Download",
    "NewExport",
    "approve",
    "ask",
    "cancel",
    "download",
    "expire_exports",
    "previewed",
    "refuse",
    "rotate_exports",
    "work_on_exports",
]
