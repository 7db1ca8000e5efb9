"""One text in, one Screening out: normalise, mask idioms, run the rules, ask the guards."""

from .guards import holds_back, mask_idioms, sentence_bounds, surroundings
from .normalise import Plain, normalise
from .rules import Hit, book
from .signs import DangerSign, Screening, rank, worst

MOST_SIGNS = 40  # a screen full is enough for a person; the gravest come first


def judged(masked: str) -> list[tuple[Hit, tuple[str, ...], str | None]]:
    """Every hit with the guards asked and the first one that holds it back, if any."""
    bounds = sentence_bounds(masked)
    rows = []
    for hit in book().hits(masked):
        around = surroundings(masked, hit, bounds)
        held = next((guard for guard in hit.rule.guards if holds_back(guard, around)), None)
        rows.append((hit, hit.rule.guards, held))
    return rows


def _sign(text: str, plain: Plain, hit: Hit, guards: tuple[str, ...]) -> DangerSign:
    start, end = plain.span(hit.start, hit.end)
    rule = hit.rule
    return DangerSign(rule.type, rule.level, start, end, text[start:end], rule.id, guards, rule.strength)


def _one_per_place(signs: list[DangerSign]) -> tuple[DangerSign, ...]:
    """Of signs of one type that overlap, the gravest and surest; gravest first."""
    kept: list[DangerSign] = []
    for sign in sorted(set(signs), key=lambda s: (-rank(s.level), -s.score, s.start, s.why)):
        if not any(k.type == sign.type and k.start < sign.end and sign.start < k.end for k in kept):
            kept.append(sign)
        if len(kept) == MOST_SIGNS:
            break
    return tuple(kept)


def screen(text: str) -> Screening:
    """Screen one message or note. Never raises on any string; offsets are into `text` as given."""
    plain = normalise(text)
    masked = mask_idioms(plain.text)
    signs = [_sign(text, plain, hit, guards) for hit, guards, held in judged(masked) if held is None]
    kept = _one_per_place(signs)
    return Screening(kept, worst(*(sign.level for sign in kept)), max((sign.score for sign in kept), default=0.0))
