"""Pages for administrators: the organisations, and the lists, clocks and days they work by."""
