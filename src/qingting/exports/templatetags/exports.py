"""The button that takes a list out, for pages of other rooms: `{% export_button "orders" box=box urgency=urgency %}`."""

from typing import Any

from django import template

from qingting.exports.selectors import may_export

register = template.Library()


@register.inclusion_tag("exports/button.html", takes_context=True)
def export_button(context: dict[str, Any], sheet: str, label: str = "", **filters: object) -> dict[str, Any]:
    """A form that posts what narrows the list; nothing for whoever may not."""
    request = context["request"]
    return {
        "shown": may_export(request.actor, sheet),
        "sheet": sheet,
        "label": label,
        "filters": {name: str(value) for name, value in filters.items() if value},
        "csrf_token": context.get("csrf_token"),
    }
