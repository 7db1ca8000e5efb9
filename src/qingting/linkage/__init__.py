"""Bringing other desks in: one-click handoffs over the wire protocol, what is sent and received, and how the links stand.

It places a hold on the case until the other desk has reported its result. It finishes no order.
"""
