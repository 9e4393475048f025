"""Which language is a mail in? Counts small words; enough for choosing a letter template, not for more."""

import re
from collections.abc import Mapping

OTHER = "other"

_WORDS: Mapping[str, str] = {
    "nb nn da sv": """
        og er har med for i om kan en man alle
    """,
    "nb nn da": """
        til av så for han seg sig ham over under når
    """,
    "nb nn sv": """
        på av få
    """,
    "nb da": """
        jeg ikke det at fra være noen hvor hvordan hvorfor ønsker hilsen vennlig venlig også kunne skal vil mine
        min mit mitt dette disse eller blir bliver et på vi den de som hun meg efter ville kun uten dem deg
    """,
    "nb": """
        dere deres hva noe noen meg mitt mer nå bare hei takk opplysninger opplysningene slett slettet slettes
        vennlig hilsen kontoen innsyn lagret registrert fått gjerne hvilke oss av etter så mæ itj dåkk æ uke
        personopplysninger vedlagt mvh ble blitt hadde sier opp ut navn ønsker tilbake sendt kunden å sende slutt
    """,
    "nn": """
        eg ikkje dykk dykkar kva kvar kvifor korleis kven noko nokon frå vere ønskjer ynskjer helsing venleg òg
        no berre opplysningar opplysningane slettar sletta jobbar lagra vert vart verta ein eit ei dei ho meir
        mykje saman då sjå få det at hei takk på til som med så mitt min mine dette desse eller skal vil vi oss
        deg seg gjer hjå hjelp kor heile namn namnet tilsett heiter gong år sidan vore fekk kjem blei mi meg
        treng høyrer rett å slutt
    """,
    "da": """
        jer jeres hvad noget mig mit nu bare hej tak oplysninger slet slettet venlig hilsen indsigt gemt fået
        gerne hvilke os af efter så måtte blive kunne uge tilbage i mht vedrørende dig hvis sende og navn oplyse
        bekræft personoplysninger nyhedsbrev mvh afmeld dage
    """,
    "sv": """
        jag inte ni er ert era vad var varför något mig mitt mina vill från ett vara önskar hälsning hälsningar
        vänlig vänliga oss också nu bara uppgifter radera bort tack hej hos detta dessa registerutdrag kontot
        sparat fått gärna vilka hur när av så eller att den för ur samtycke på till som det personuppgifter och
        är begär
    """,
    "en": """
        i not and is have you your on to as with the what where why my me mine want from about can a an be wish
        regards kind us also now just data delete remove thanks hello hi this these work access account stored
        please get which how when of so or it we our that for unsubscribe was dear in are do any if has by
    """,
    "de": """
        ich nicht und ist habe haben sie ihr ihre ihrer ihnen auf zu als mit das was wo warum mein meine meiner
        mich mir will von über kann ein eine sein wünsche grüße grüßen freundlichen freundliche uns auch jetzt
        nur daten löschen löschung danke hallo dies diese auskunft konto gespeichert bitte welche wie wenn der
        die den dem oder wir sehr geehrte guten tag für im hiermit um in
    """,
    OTHER: """
        je vous mes les des est pour que et bonjour merci données une du nous dans el los las por favor mis
        datos con una hola gracias usted su saludo buenos días ik het een van mijn niet voor zijn gegevens
        proszę moich się nie jest danych dzień dobry pozdrawiam io mio miei dati non che di per grazie
        buongiorno minun tiedot ja ei on við óskum ekki að það mínar vinsamlegast kveðja tôi của xin và não meus
        dados você obrigado para de la a y o
    """,
}
_LETTERS: Mapping[str, str] = {
    "nb": "øæ",
    "nn": "øæ",
    "da": "øæ",
    "sv": "äö",
    "de": "äöüß",
    OTHER: "ñłżźćęąğşđðþőřěůõãçơưạệ",
}
_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN_SCRIPT = re.compile(r"[\u0370-\u1dff\u3040-\ud7ff]")
_READ = 4_000  # characters


def _by_language() -> dict[str, frozenset[str]]:
    names = {name for key in _WORDS for name in key.split()}
    return {
        name: frozenset(word for key, words in _WORDS.items() if name in key.split() for word in words.split())
        for name in sorted(names, key=["nb", "nn", "en", "sv", "da", "de", OTHER].index)
    }


def _by_word() -> dict[str, list[str]]:
    sets = _by_language()
    return {word: [name for name, known in sets.items() if word in known] for word in frozenset().union(*sets.values())}


_LANGUAGES = tuple(_by_language())
_OF_WORD = _by_word()


def guess(text: str) -> str:
    """Return nb, nn, en, sv, da, de or other; other too if nothing speaks for any of them."""
    text = text[:_READ].lower()
    if len(_FOREIGN_SCRIPT.findall(text)) > len(text) / 4:
        return OTHER
    scores = dict.fromkeys(_LANGUAGES, 0.0)
    for word in _WORD.findall(text):
        languages = _OF_WORD.get(word, [])
        for language in languages:
            scores[language] += 1 / len(languages)  # a word that several share says little
    for language, letters in _LETTERS.items():
        scores[language] += 0.3 * sum(text.count(letter) for letter in letters)
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] > 0 else OTHER
