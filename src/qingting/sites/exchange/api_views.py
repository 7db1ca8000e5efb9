"""The intake API: for systems of the house that hand over a contact with its case and order in one go."""

import hashlib
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from qingting.core import time
from qingting.core.access import actor_of, open_to_all
from qingting.core.actors import Actor
from qingting.core.addresses import client_address
from qingting.core.errors import DomainError, Invalid, NotAllowed
from qingting.core.forms_guard import FormsGuard
from qingting.core.incoming import json_value
from qingting.core.rate_limits import check_rate
from qingting.core.scope import acting
from qingting.orders.services import TakenIn
from qingting.sites.exchange.openapi import document
from qingting.sites.exchange.parcels import read_parcel
from qingting.sites.exchange.selectors import PREFIX, digest_of, holder_of
from qingting.sites.exchange.services import Parcel, receive

MAX_BYTES = 64 * 1024
_KEY_LONGEST = 100


class Unknown(DomainError):
    """Nobody known is asking."""

    status = 401


@csrf_exempt  # a key is no cookie; a session is checked in `_asking`
@transaction.non_atomic_requests  # one transaction, in the sender's scope, around the service
@require_POST
@open_to_all("an API key, or the session of somebody signed in, says who asks; others are refused")
def intake(request: HttpRequest) -> HttpResponse:
    """POST a contact with its case and order: 201 with their ids and numbers, 200 where this was handed in before."""
    actor, body = _asking(request), request.body
    read, handler = read_parcel(_json(body))
    parcel = Parcel(read, _idempotency_key(request), hashlib.sha256(body).digest(), handler)
    with acting(actor.scope):
        taken, again = receive(actor=actor, parcel=parcel, at=time.now())
    return JsonResponse(_shape(taken), status=200 if again else 201)


def _asking(request: HttpRequest) -> Actor:
    """Who asks. A session counts only together with the form token, as on every page."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer" and key.startswith(PREFIX):
        holder = holder_of(digest_of(key.strip()))
        if holder is not None:
            return holder
    actor = actor_of(request)
    if scheme or actor.acting_as != "person":
        check_rate("api.key", client_address(request), limit=60, seconds=60, at=time.now())
        raise Unknown(
            "没有有效的接口密钥。", code="exchange.api-key.refused", do_next="请核对密钥，或向系统管理员申请。"
        )
    guard = FormsGuard(lambda _: HttpResponse())
    if guard.process_view(request, openapi, (), {}) is not None:
        raise NotAllowed("请求缺少表单令牌。", code="core.form.expired", do_next="请刷新页面后再提交一次。")
    return actor


def _json(body: bytes) -> Any:
    if len(body) > MAX_BYTES:
        raise Invalid("内容太长了。", code="exchange.intake.too-long", do_next=f"请控制在{MAX_BYTES // 1024} KB 以内。")
    try:
        return json_value(body)
    except ValueError as error:
        raise Invalid("内容不是有效的 JSON。", code="exchange.intake.malformed") from error


def _idempotency_key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _KEY_LONGEST:
        raise Invalid(
            "Idempotency-Key 太长了。",
            code="exchange.intake.key-too-long",
            do_next=f"最多 {_KEY_LONGEST} 个字符。",
            fields={"Idempotency-Key": "太长"},
        )
    return key


def _shape(taken: TakenIn) -> dict[str, str]:
    """Ids as texts: they do not fit a JavaScript number."""
    return {
        "contact_id": str(taken.contact_id),
        "case_id": str(taken.case_id),
        "order_id": str(taken.order_id),
        "case_number": taken.case_number,
        "order_number": taken.order_number,
    }


@require_GET
@open_to_all("how to call; it tells nothing of anybody")
def openapi(request: HttpRequest) -> HttpResponse:
    """The description for machines. A page that draws it would need a third party's script, so there is none."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})
