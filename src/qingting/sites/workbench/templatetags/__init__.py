"""What templates of the workbench ask for by name."""
