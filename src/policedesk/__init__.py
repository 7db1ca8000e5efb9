"""The reference 110 desk: a police desk that takes young people's cases from 12355, and hands its own over to
12355.

A program of its own with its own database and its own pages. It knows the platform only through `deskwire`,
the published wire protocol, so what a police system's vendor must build is exactly what stands here. It is
not a dispatch system: it keeps what the linkage needs (who took a case, its incident number, how it went) and
nothing else.
"""
