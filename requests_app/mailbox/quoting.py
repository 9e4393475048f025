"""The person's own words in an answer: the quoted history taken off. For display and triage only.

When in doubt, text stays: a line too many is read in a second, a request cut away is a broken deadline.
"""

import re
from collections.abc import Iterator, Sequence

# Who wrote when, in the words of the mail programs: "Den 3. mai 2026 kl. 09:12 skrev Kari Nes <…>:"
_OPENING = re.compile(
    r"\s*[-*_ ]{0,8}(?:(?:den|d\.|on|at|am|le|el|il|op|em|dnia|w dniu|på|i)\b"
    r"|(?:ma|man|mån|må|mon|mo|ti|tir|tirs|tis|tys|tue|tues|di|on|ons|wed|mi|to|tor|tors|thu|thurs|do|fr|fre|fri|lø|lør"
    r"|lör|lau|sat|sa|sø|søn|sön|sun|so|su)\w{0,6}[.,]"
    r"|\d{1,4}[-./]|[^\s<>\[(][^<>\[(]{0,120}[<\[(])",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\b(?:skrev|skreiv|wrote|writes|schrieb|schreibt|a écrit|escribió|ha scritto|schreef|escreveu"
    r"|napisał(?:\(a\))?)(?!\w)",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?::|-{3})[-*_\s]{0,8}$")
_LONGEST = 400  # characters of an attribution

# What makes an attribution certain, if no quote follows: an address. "Den 3. mai skrev dere følgende:" has none.
_CERTAIN = re.compile(r"@|<|&lt;")
_SEPARATOR = re.compile(
    r"\s*[*_]*-{2,}\s*(?:opprinnelig melding|opphavleg melding|original ?message|original(?: )?meddelelse"
    r"|oprindelig meddelelse|original(?:t)? meddelande|ursprungligt meddelande|ursprüngliche nachricht"
    r"|videresendt melding|vidaresend melding|forwarded message|videresendt meddelelse|vidarebefordrat meddelande"
    r"|weitergeleitete nachricht|reply message|message d'origine|mensaje original|messaggio originale"
    r"|oorspronkelijk bericht)\s*-{2,}[*_]*\s*",
    re.IGNORECASE,
)
_FORWARD_BEGINS = re.compile(
    r"\s*(?:begin forwarded message|start på videresendt melding|start på videresendt besked|vidarebefordrat brev"
    r"|anfang der weitergeleiteten (?:nachricht|e-mail))\s*:?\s*",
    re.IGNORECASE,
)
_FROM = re.compile(r"\s*[*_]*(?:fra|frå|from|från|von|de|da|van|od)\s?:[*_]*\s*\S", re.IGNORECASE)
_FIELD = re.compile(
    r"\s*[*_]*(?:sendt|sent|dato|date|skickat|gesendet|datum|envoyé|enviado|inviato|verzonden|wysłano|data|fecha"
    r"|til|to|till|an|à|para|aan|do|kopi|cc|emne|subject|ämne|betreff|objet|asunto|oggetto|onderwerp|temat|assunto"
    r"|svar til|reply-to|prioritet|viktighet|importance)\s?:[*_]*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\s{0,3}>")
_RULE = re.compile(r"\s*[-_*=]{5,}\s*")
_DEVICE = re.compile(
    r"\s*(?:sendt? (?:fra|frå|med|via)|sent (?:from|via|with)|skickat från|von mein\w+ .{0,40} gesendet"
    r"|gesendet (?:von|mit)|få outlook for|get outlook for|hent outlook til|hämta outlook för"
    r"|hent outlook for)\b.{0,80}",
    re.IGNORECASE,
)


def strip_reply(text: str) -> str:
    """Return the text without quoted history; all of it if nothing else would be left (a mere forward)."""
    lines = text.splitlines()
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if _history_begins(lines, at):
            break
        skip = _attribution(lines, at)
        if skip and not _quote_follows(lines, at + skip):
            break
        if skip:
            at += skip
            continue
        if not _QUOTED.match(lines[at]):
            kept.append(lines[at])
        at += 1
    return _tidy(kept) or text.strip()


def header_blocks(text: str) -> Iterator[list[str]]:
    """Yield the lines of every quoted header block (Fra, Sendt, Til, Emne …): of the latest mail first."""
    lines = [re.sub(r"^[>\s]+", "", line) for line in text.splitlines()]
    for at in range(len(lines)):
        if _is_header_block(lines, at):
            yield [line for line in lines[at : at + 12] if line][:8]


def _history_begins(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if _SEPARATOR.fullmatch(line) or _FORWARD_BEGINS.fullmatch(line):
        return True
    return _is_header_block(lines, at)


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """`From:` and at least two of its companions in the lines below."""
    if not _FROM.match(lines[at]):
        return False
    below = [line for line in lines[at + 1 : at + 12] if line.strip()][:6]
    return sum(bool(_FIELD.match(line)) for line in below) >= 2


def _attribution(lines: Sequence[str], at: int) -> int:
    """Return over how many lines an attribution stretches that begins here; 0 if none does."""
    if not lines[at].strip():
        return 0
    for count in (1, 2, 3, 4):
        part = lines[at : at + count]
        if len(part) < count or not part[-1].strip():
            return 0
        if _is_attribution(" ".join(line.strip() for line in part)):
            joined = " ".join(part)
            if count > 1 and _attribution(lines, at + 1):
                return 0  # this line is the person's own, the attribution begins below it
            certain = bool(_CERTAIN.search(joined)) or _quote_follows(lines, at + count)
            return count if certain else 0
    return 0


def _is_attribution(joined: str) -> bool:
    if len(joined) > _LONGEST or not _ENDING.search(joined):
        return False
    opening, wrote = _OPENING.match(joined), _WROTE.search(joined)
    return bool(opening and wrote and wrote.start() > 0)


def _quote_follows(lines: Sequence[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return bool(_QUOTED.match(following))


def _tidy(lines: list[str]) -> str:
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1]) or _DEVICE.fullmatch(lines[-1])):
        lines.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
