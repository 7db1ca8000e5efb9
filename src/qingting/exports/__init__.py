"""Taking lists out of the house as files: asked for with a reason, made in the background, masked, told to the journal, gone
after a day.

It knows no order and no follow-up: a room says in a `Sheet` what a list of its own holds, and the setting EXPORT_SHEETS
names it. What stands in the vault never gets into a file.
"""
