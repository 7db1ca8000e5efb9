"""Signing in: both factors, the same refusal for everybody, and a lock that grows."""

from datetime import timedelta

import pytest

from qingting.core.errors import DomainError, NotAllowed, TooMany
from qingting.core.models import Entry
from qingting.staff import credentials, services, sessions
from qingting.staff.models import Account, Session
from qingting.staff.services import sign_in as sign_in_services
from qingting.staff.tests.conftest import BROWSER, PASSWORD, code_of

pytestmark = pytest.mark.django_db


def begin(account: Account, at, password: str = PASSWORD) -> Session:
    token = services.begin_sign_in(username=account.username, password=password, browser=BROWSER, at=at)
    session = sessions.find_session(token, at=at)
    assert session is not None
    return session


def fail(account: Account, at, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(NotAllowed):
            begin(account, at, password="wrong")


def journal(name: str) -> list[dict[str, object]]:
    return list(Entry.objects.filter(name=name).order_by("id").values_list("data", flat=True))


@pytest.fixture
def half_way(colleague, at, everything) -> Session:
    return begin(colleague, at)


def test_a_password_alone_opens_nothing(half_way, at):
    assert sessions.waits_for(half_way, at=at) == "second-factor"
    assert half_way.organisation is None
    assert half_way.second_factor_at is None


def test_password_and_code_open_the_session_at_the_only_post(half_way, colleague, tree, at):
    token = services.pass_second_factor(session=half_way, code=code_of(colleague, at), at=at)
    session = sessions.live_session(token, at=at)
    assert session is not None
    assert session.organisation == tree.station
    assert sessions.waits_for(session, at=at) == ""
    assert journal("staff.signed-in") == [{}]


def test_the_token_from_before_the_second_factor_is_dead(half_way, colleague, at):
    services.pass_second_factor(session=half_way, code=code_of(colleague, at), at=at)
    half_way.refresh_from_db()
    assert half_way.revoked_at == at


def test_a_code_works_once(half_way, colleague, at):
    code = code_of(colleague, at)
    services.pass_second_factor(session=half_way, code=code, at=at)
    with pytest.raises(NotAllowed):
        services.pass_second_factor(session=begin(colleague, at), code=code, at=at)


def test_a_recovery_code_works_once_instead_of_the_phone(half_way, colleague, at):
    code = sign_in_services.issue_recovery_codes(colleague)[3].lower()
    services.pass_second_factor(session=half_way, code=code, at=at)
    assert journal("staff.recovery-code-used") == [{"left": 9}]
    with pytest.raises(NotAllowed):
        services.pass_second_factor(session=begin(colleague, at), code=code, at=at)


def test_the_half_way_session_lasts_ten_minutes(half_way, at):
    assert sessions.find_session("x", at=at) is None
    assert half_way.expires_at == at + timedelta(minutes=10)


def test_unknown_wrong_and_locked_are_refused_in_the_same_words(colleague, at, everything):
    def refusal(username: str, password: str) -> tuple[str, str, str]:
        with pytest.raises(DomainError) as caught:
            services.begin_sign_in(username=username, password=password, browser=BROWSER, at=at)
        return caught.value.message, caught.value.code, caught.value.do_next

    unknown = refusal("nobody", PASSWORD)
    wrong = refusal(colleague.username, "wrong")
    Account.objects.update(locked_until=at + timedelta(minutes=1))
    locked = refusal(colleague.username, PASSWORD)
    assert unknown == wrong == locked


def test_nobody_is_refused_as_slowly_as_somebody(colleague, at, monkeypatch, everything):
    hashed = []
    monkeypatch.setattr(credentials, "make_password", hashed.append)
    with pytest.raises(NotAllowed):
        services.begin_sign_in(username="nobody", password="wrong", browser=BROWSER, at=at)
    assert hashed == ["wrong"]


def test_the_account_rests_after_five_failures_and_longer_each_time(colleague, at, everything):
    fail(colleague, at, times=5)
    fail_at = at + timedelta(minutes=1)
    with pytest.raises(NotAllowed):
        begin(colleague, fail_at - timedelta(seconds=1))
    fail(colleague, fail_at)
    colleague.refresh_from_db()
    assert colleague.locked_until == fail_at + timedelta(minutes=2)
    assert [data["minutes"] for data in journal("staff.account-locked")] == [1, 2]


def test_wrong_codes_count_towards_the_lock_and_only_both_factors_clear_it(half_way, colleague, at):
    for _ in range(5):
        with pytest.raises(NotAllowed):
            services.pass_second_factor(session=half_way, code="000000", at=at)
    half_way.account.refresh_from_db()
    with pytest.raises(NotAllowed):
        services.pass_second_factor(session=half_way, code=code_of(colleague, at), at=at)
    later = at + timedelta(minutes=2)
    services.pass_second_factor(session=begin(colleague, later), code=code_of(colleague, later), at=later)
    colleague.refresh_from_db()
    assert (colleague.failed_attempts, colleague.locked_until) == (0, None)


def test_failures_are_told_without_the_name_that_was_typed(colleague, at, everything):
    fail(colleague, at)
    with pytest.raises(NotAllowed):
        services.begin_sign_in(username="13800000000", password="x", browser=BROWSER, at=at)
    entries = Entry.objects.filter(name="staff.sign-in-failed").order_by("id")
    assert [entry.account_id for entry in entries] == [colleague.id, None]
    assert all(entry.data == {"reason": "PASSWORD"} for entry in entries)


def test_one_address_can_not_try_for_ever(at, everything, monkeypatch):
    monkeypatch.setattr(sign_in_services, "ATTEMPTS_PER_ADDRESS", 3)
    for _ in range(3):
        with pytest.raises(NotAllowed):
            services.begin_sign_in(username="nobody", password="x", browser=BROWSER, at=at)
    with pytest.raises(TooMany):
        services.begin_sign_in(username="nobody", password="x", browser=BROWSER, at=at)


def test_a_deactivated_account_is_out(colleague, at, everything):
    Account.objects.update(is_active=False)
    with pytest.raises(NotAllowed):
        begin(colleague, at)


class TestEnrolling:
    @pytest.fixture
    def newcomer(self, colleague, at, everything) -> Session:
        Account.objects.update(totp_secret=None, totp_confirmed_at=None)
        colleague.refresh_from_db()
        session = begin(colleague, at)
        services.start_enrolment(session=session)
        return session

    def test_the_secret_stays_while_the_page_is_loaded_again(self, newcomer, at):
        secret = credentials.totp_secret(newcomer.account)
        assert credentials.totp_secret(services.start_enrolment(session=newcomer)) == secret

    def test_the_right_code_binds_it_and_gives_ten_codes_kept_as_digests(self, newcomer, colleague, at):
        _, codes = services.confirm_enrolment(session=newcomer, code=code_of(colleague, at), at=at)
        assert len(set(codes)) == 10
        stored = {bytes(code.digest) for code in colleague.recovery_codes.all()}
        assert stored == {credentials.recovery_digest(code) for code in codes}
        assert journal("staff.second-factor-enrolled") == [{}]

    def test_a_wrong_code_binds_nothing(self, newcomer, colleague, at):
        with pytest.raises(NotAllowed):
            services.confirm_enrolment(session=newcomer, code="000000", at=at)
        colleague.refresh_from_db()
        assert colleague.totp_confirmed_at is None

    def test_it_can_not_be_bound_a_second_time(self, half_way, at):
        with pytest.raises(DomainError):
            services.start_enrolment(session=half_way)


class TestSessions:
    @pytest.fixture
    def token(self, half_way, colleague, at) -> str:
        return services.pass_second_factor(session=half_way, code=code_of(colleague, at), at=at)

    @pytest.mark.parametrize(("later", "alive"), [(3.9, True), (4.1, False)])
    def test_it_ends_when_nobody_uses_it(self, token, at, later, alive):
        assert (sessions.live_session(token, at=at + timedelta(hours=later)) is not None) == alive

    def test_it_ends_after_a_long_day_however_busy(self, token, at):
        for hours in range(1, 14):
            assert sessions.live_session(token, at=at + timedelta(hours=hours)) is not None
        assert sessions.live_session(token, at=at + timedelta(hours=14)) is None

    def test_signing_out_ends_it(self, token, at):
        session = sessions.live_session(token, at=at)
        services.sign_out(session=session, at=at)
        services.sign_out(session=session, at=at)
        assert sessions.live_session(token, at=at) is None
        assert len(journal("staff.signed-out")) == 1

    def test_one_can_end_one_s_own_but_nobody_else_s(self, token, agent_here, agent_elsewhere, at):
        session = sessions.live_session(token, at=at)
        with pytest.raises(DomainError):
            services.revoke_session(actor=agent_elsewhere, session_id=session.id, at=at)
        services.revoke_session(actor=agent_here, session_id=session.id, at=at)
        assert sessions.live_session(token, at=at) is None

    def test_the_cookie_s_token_is_not_in_the_table(self, token):
        assert not Session.objects.filter(digest=token.encode()).exists()


class TestPassword:
    NEW = "晚风 橘子 灯塔 旧书 河"

    @pytest.fixture
    def session(self, half_way, colleague, at):
        token = services.pass_second_factor(session=half_way, code=code_of(colleague, at), at=at)
        return sessions.live_session(token, at=at)

    def test_changing_it_ends_all_other_sessions(self, session, colleague, at):
        other = begin(colleague, at)
        services.change_password(session=session, old=PASSWORD, new=self.NEW, at=at)
        other.refresh_from_db()
        session.refresh_from_db()
        assert other.revoked_at == at
        assert session.revoked_at is None
        assert begin(colleague, at, password=self.NEW)

    def test_the_old_one_has_to_be_right(self, session, at):
        with pytest.raises(NotAllowed):
            services.change_password(session=session, old="wrong", new=self.NEW, at=at)

    def test_one_like_the_old_one_is_refused(self, session, at):
        with pytest.raises(DomainError, match="原密码"):
            services.change_password(session=session, old=PASSWORD, new=PASSWORD + "2", at=at)
