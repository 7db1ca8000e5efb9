"""Qingting 青听: the platform behind the 12355 youth service desks. The rooms below stand in the order of the road (see CONTRIBUTING.md)."""
