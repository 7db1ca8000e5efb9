"""The doors for machines: other desks call here over the wire protocol. It knows no page and no person."""
