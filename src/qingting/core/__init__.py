"""What every room stands on: the journal, events, clocks, scope and isolation, permissions, crypto, errors, ids, time and push.

It knows nothing of seekers, calls, cases or orders; it knows how a change is recorded, who may see a row, and when time has run out.
"""
