"""Case conferences (会商研判): several organisations at one table over one case, and what becomes of what they decide.

Work itself is done by orders and referrals; this room calls people together, tells them the least they need, keeps the
minutes, follows each decision to its end, and closes what was opened to the guests.
"""
