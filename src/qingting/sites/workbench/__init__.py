"""The workbench: the shell around every signed-in page, its start page, its search. What is shown there belongs to the rooms."""
