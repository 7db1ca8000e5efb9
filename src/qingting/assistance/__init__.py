"""Legal aid and aid grants (法律援助、资助): applied for over a case, reviewed by two people, carried out by an order, paid out in
a ledger that is only ever added to.

It does not move money; it records who decided, from which funder, and which voucher proves it.
"""
