"""Who and where: organisations in their tree, divisions with GB/T 2260 codes, case categories, the linkage
item list, clock rules and the working calendar.

Reference data and configuration. It knows no person and no case.
"""
