"""Knowledge at the workbench: articles; lines and places, beside a talk too; what is brought in as a file."""
