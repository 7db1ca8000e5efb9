"""Ids are unique, grow within a process, and fit a signed 64-bit column."""

from concurrent.futures import ThreadPoolExecutor

from qingting.core.ids import new_id


def test_many_at_once_are_all_different_and_positive():
    with ThreadPoolExecutor(8) as threads:
        ids = [i for batch in threads.map(lambda _: [new_id() for _ in range(2000)], range(8)) for i in batch]
    assert len(set(ids)) == len(ids)
    assert all(0 < i < 2**63 for i in ids)


def test_later_ids_are_larger():
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(ids)
