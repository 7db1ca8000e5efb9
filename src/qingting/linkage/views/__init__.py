"""Pages and fragments of linkage."""

from qingting.linkage.views import handoffs, incoming, links, panel

__all__ = ["handoffs", "incoming", "links", "panel"]
