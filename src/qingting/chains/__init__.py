"""The cross-province chain (危机个案跨省转介): a young person in danger in another province, from the call to the after-care.

Three parties, each with its own file of the same story: the province where the call came in, the province where the person is, and the
national desk that supervises; a regional centre may help. This room keeps the files alike, in one installation or in several,
and says who has to act next by when. It finds nobody itself: that is done by orders, desks and people.
"""
