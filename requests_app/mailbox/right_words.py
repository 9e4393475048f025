"""The words by which `suggest` knows a right, in the languages of the mailbox (nb, nn, en, sv, da, de).

In a list, `_` is a blank inside a phrase, `*` any letters, `…` up to 40 characters of the same sentence.
A rule holds where one sentence has a word of each of its lists.
"""

import re

ME = """
    meg mæ mei mig min mitt mi mine mina mit me my myself mir mich mein* oss undertegnede* klient* client
    member i'm_on sønn* son sonen daughter datter* dotter* barn* child hans hennes hennar ham henne hun ho
    his her
"""
I_WANT = """
    jeg_vil eg_vil jag_vill jeg_ønsker eg_ønskjer jeg_krever eg_krev i_want i_would_like i'd_like vil_jeg
    vil_eg ich_möchte
"""
ASK = """
    ber be bes bedt ønsk* ynskje* vil vill kan_dere kan_de kan_dykk kan_ni krev* krav* begjær* begær* begär*
    anmod* please pls plz want* request* ask* demand* require* would_like i'd_like can_you could_you bitte*
    möchte verlange forlang* vennligst gjerne gärna gerne må skal insist* formal
"""
FACTS = """
    opplysning* personopplysning* oplysning* personoplysning* uppgift* personuppgift* persondata data
    dataene dataa daten informasjon* information* info details record*
"""
FIELDS = """
    navn* etternavn* fornavn* namn* etternamn* nummer* *nummeret telefonnummer* adress* *adressen stilling*
    tittel* alder* fødsel* fødd født e-post* epost* name names surname number numbers title birth* age job
    record* file entry certificate kursbevis* mr ms registrert* geburts* anschrift telefon* address*
"""
ERASE = """
    slett* fjern* stryk* makuler* bort vekk radera* lösch* gelöscht delete deletes deleting deletion erase
    erases erasing erasure remove removal wipe forget destroy purge get_rid_of tilintetgj*
    avslutt*…kundeforh* avslutt*…konto* avslutt*…bruker* be…deleted be…erased be…removed data_deleted slet
    slettes
"""
HELD = """
    har vet veit vit lagr* registr* oppbevar* noter* skrev* skriv* står holder hold holds have has store
    stored keep keeps kept know collect* recorded gemt gemmer sparat sparar behandl* process* gespeichert
    speichern haben
"""
ABOUT_ME = """
    om_meg på_meg om_mæ på_mæ om_mig på_mig om_ham på_ham om_henne på_henne om_oss på_oss om_min* about_me
    on_me on_us about_us on_my about_my over_mig über_mich zu_meiner_person relates_to_me concerning_me
"""
SEE = """
    innsyn* insyn indsigt* indsyn registerutdrag* kopi* copy copies utskrift* utdrag* uttrekk* oversikt*
    overview auskunft* se sjå see vite vete veta vide know få ha receive send* supply provide tell opplyst
    access erfahren wissen lurer undrar liste dsar
"""
QUESTION = """
    hva kva ka hvilke hvilken hvilket kva_for what which vad vilka hvad was welche hvorvidt om_dere whether
"""
EVERYTHING = "alt det everything anything whatever allt alles alle all any"
SOURCE = """
    hvor…fått hvor…fikk kvar…fått kvar…fekk korleis…fått korleis…fekk korleis…veit hvordan…fått hvordan…fikk
    hvordan…kommet hvorfor_har…nummer* hvorfor_har…adresse* kvifor_har…nummer* how_did_you_get
    how_did…get…my how_have_you_got where_did…get where_did…come_from where…got…from hvor…kommer…fra
    kvar…kjem…frå hvor…stammer varifrån…fått var…fått hvem…gitt_dere kven…gitt_dykk who_gave_you woher…haben
    hvorfra…fået hvor…har…fra how_you_got
"""
WHO_LOOKED = """
    hvem…har_sett hvem…har_åpnet hvem…har_vært hvem…har_lest hvem…hatt_tilgang hvem…slått_opp kven…har_sett
    kven…har_opna who…has_seen who…has_looked who…looked_at who…has_opened who…has_accessed who…has_listened
    who…has_read
"""
RECORDS = """
    opptak* recording recordings personalmapp* personalfile personnel_file journal* opplysning* data file
    notat* profil* lydopptak* logg* e-poster video oplysning* uppgift*
"""
CORRECT = """
    rett rette retter rettar rettes retta retting korriger* endre* oppdater* correct correction corrected
    amend* fix update change rätta ändra berichtig* ret rettet rettelse
"""
WRONG = """
    feil galt gal wrong incorrect inaccurate misspel* feilstavet false untrue outdated utdatert ikke_riktig
    ikke_rett ikkje_rett ikke…riktig fel forkert falsch* stemmer_ikke stemmer_ikkje rett_er riktig_er
    should_be høyrer_til hører_til belongs_to jeg_heter eg_heiter i_am_ms i_am_mr
"""
CONSENT = """
    samtykk* samtyck* consent* einwilligung* tillatelse* lov_til permission godta* cookies informasjonskaps*
    ticked_a_box krysset_av
"""
UNDO = """
    trekk* trukket trekt angr* ombestem* withdraw* revok* återkall* drar*tillbaka ta_tillbaka tar_tillbaka
    trække* tilbage* tilbake* widerruf* changed_my_mind no_longer ikke_lenger ikkje_lenger gjøre_om gjør*om
"""
HOLD = (
    """begrens* avgrens* restrict* begränsa* einschränk* frys* freeze frozen lock locked lås* sperr* på_vent on_hold"""
)
MEANWHILE = "until till inntil innan før while mens medan meantime imens så_lenge"
NOT = "nobody no_one not don't dont ikke ikkje ingen inte neither nor"
USE = """
    bruk* use used using act acted acting pass passing show shown share shared sharing del deles vis vises
    rør* touch process* behandl* purge slett* delete
"""
LEAVE_ALONE = """
    ikke…slett*…ikke…bruk* ikkje…slett*…ikkje…bruk* not_delete…not_use not_purge…not_use not_delete*…or_use
    ikke_brukes ikkje_brukast
"""
MACHINE_READABLE = """
    portab* dataportab* maskinles* maskinlæs* machine-readable machine_readable computer_can_read
    structured_format strukturert_format csv json xml eksport* export* maschinenlesbar*
"""
MOVE = "overfør* transfer flytt* ta_med ha_med med_meg"
MY_RECORDS = "data* opplysning* history historikk* results profil* innstilling* kurs*"
OBJECT = """
    protester* motset* innsigelse* indsigelse* object objects objection objecting invänd* widersprech*
    widerspruch opponer* not_want_you_to
"""
PROCESSING = """
    behandl* process* bruken bruker use_of using profil* legitimate_interest berettiget* rettmessig*
    article_21 artikkel_21 art._21 analy* track* verarbeitung overvåk*
"""
STOP = """
    slutt* sluta* stopp* stop stans* quit cease frabe* reserver* avmeld* afmeld* avregistrer* meld*_meg_av
    meld*_meg_ut meg_av mig_av unsubscribe opt_out opt-out opphør* hold*_op abbestell* abmeld* motset*
    protester* object take_me_off remove_me fjern_meg fjern*…meg stryk…meg not_want don't_want don't_send
    don't_call don't_text don't_contact not_interested ikke_ring* ikkje_ring* ikke_send* ikkje_send*
    ikke_kontakt* ingen…kontakt* ikke_ha ikkje_ha ikke_få ikke_motta* ikke_å_motta* ikke_at_modtage*
    ikke_ønske*…flere aldri…ring* ring*…aldri never…call never…contact ikke…mer ikkje…meir ikke_flere
    ikkje_fleire itj…på inte…ha inte…få nor_for no_more keine
"""
ADS = """
    reklame* reklam markedsføring* marketing marknadsføring* markedsfør* nyhetsbrev* nyheitsbrev*
    nyhedsbrev* newsletter newsletters sms* kampanje* tilbud* tilbod* ads advert adverts advertising
    promotion* offers mailing_list list lista listen liste werbung utsend* salgs* spam annonse*
    direct_marketing erbjudand* utskick emailing e-mailing ringe ringer ring ringing call calls calling text
    texts texting mail mails mailer email emails e-post e-poster nyhende* nyheter post
"""
BARE_STOP = """
    unsubscribe stop stopp avmelding avmeld meld_meg_av afmelding afmeld avregistrera abmelden abbestellen
"""
MACHINE = """
    automati* automated algorit* maskin* software computer* datamaskin* robot* system* score scoring sekund*
    seconds ai ki
"""
DECIDED = """
    avslag* avslå* reject* declin* denied refus* decides decided decision* avgjør* avgjer* beslut* dropped
    avvist* ablehn* entscheid*
"""
HUMAN = """
    menneske* människa* mänsk* human person nobody_read kjøtt_og_blod manuel* levende mensch* noen_som_ser
    noen…ser_på
"""
COMPLAIN = "klag* complain* complaint beschwer* klagomål failure_on_your_part"
PRIVACY = """
    personvern* personopplysning* gdpr dsgvo opplysning* persondata personal innsyn* e-postkass* *nummeret
    mobilnummer* nummer* adresse* address* utlever* privat* fristen frist breach exposed rights datatilsyn*
    daten dataskydd* mine_data my_data
"""
INSIGHT = """
    innsyn innsynskrav innsynsbegj* indsigt* indsyn registerutdrag* subject_access access_request auskunft*
    dsar right_of_access
"""
GONE = """
    få_meg_ut få_meg_vekk få_meg_bort ta_meg_bort meg_ut_av get_me_out take_me_off alt…vekk alt_skal…bort
    alt_må…bort right_to_be_forgotten retten_til_å_bli_glemt i_want_gone want_it_gone
"""
WITH_US = """
    hos_dere hos_dykk hos_jer hos_er deres_register register systemene_deres registeret_deres systemet_deres
    lagret_på har_lagret har_lagra personal_data_relating cv* brukeren brukaren søknaden alt
"""

# right -> its rules; a rule is the lists of which one sentence must have a word each.
RULES: dict[str, tuple[tuple[str, ...], ...]] = {
    "access": (
        (INSIGHT, f"{ME} opplysning* personopplysning* oplysning* uppgift* personuppgift* art* data", ASK),
        (f"{QUESTION} {EVERYTHING}", HELD, ABOUT_ME, f"{SEE} {QUESTION}"),
        (SEE, FACTS, f"{ABOUT_ME} opplysning*_mine mine_opplysning* my_data my_information my_personal_data"),
        ("kopi* copy copies utskrift* hear get send*_meg", ME, RECORDS, f"{ASK} send*"),
        (SOURCE,),
        (WHO_LOOKED,),
        (QUESTION, "er_registrert er_lagret er_lagra er_notert står…om is_stored is_held is_recorded"),
    ),
    "rectification": (
        (CORRECT, FIELDS, f"{ME} i_am i'm jeg_heter eg_heiter"),
        (WRONG, FIELDS, ME),
        ("rectif* berichtig* rätta rättelse retting retning berigtig* korriger*", FACTS, ME),
    ),
    "erasure": ((ERASE, ME), (ERASE, I_WANT), (ERASE, WITH_US), (GONE,)),
    "consent_withdrawal": ((CONSENT, UNDO),),
    "restriction": (
        (HOLD, f"{ME} {FACTS} lock_it freeze_it lås_det frys_det", f"{ASK} {MEANWHILE}"),
        (MEANWHILE, NOT, USE, f"{ME} note notat* file it det noe den"),
        (LEAVE_ALONE,),
    ),
    "portability": (
        (MACHINE_READABLE, f"{ME} i_need i_can eg_kan jeg_kan", f"{ASK} useful send*"),
        (MOVE, "meg mine mitt my me", MY_RECORDS),
    ),
    "objection": ((OBJECT, PROCESSING),),
    "marketing_objection": ((STOP, ADS), ("take_me_off slutt…ring* slutt…send*",)),
    "automated_decision": ((MACHINE, DECIDED, HUMAN),),
    "complaint": ((COMPLAIN, f"{ME} i jeg eg jag ich", PRIVACY),),
}  # fmt: skip

# Sentences that tell people of their rights, or ask the wrong reader to delete the mail, are nobody's request.
NOTICE = """
    du_har_rett du_har_også_rett you_have_the_right have_the_right_to your_right_to du_har_rätt
    når_som_helst när_som_helst at_any_time to_unsubscribe unsubscribe_here meld_deg_av you_will_not_receive
    du_vil_ikke_få du_får_denne you_are_receiving you_receive_this dine_rettigheter konfidensialitet*
    confidential intended_recipient transmission rett_mottaker rett_mottakar kommet_til_feil in_error
    personvernerklæring* how_to_request to_access,_correct i_samsvar_med we're_updating vi_oppdaterer
    enklere_å_be offentle* offentlighetslov* freedom_of_information personvernreglene data_subject_request*
    databehandleravtale* auftragsverarbeitung* taushetsbelagt* right-to-erasure
"""
# Said in passing of something else: "Min side" is a page, a deleted mail is no deleted person.
IN_PASSING = """
    min_side my_page min_venn* ikke_slett* ikkje_slett* not_delete not_purge not_erase not_remove
    ikke_fjern*
"""
HINTS = """
    personvern* gdpr dsgvo innsyn* samtykk* personopplysning* personal_data data_protection privacy
    datenschutz* dataskydd* databeskyt* personuppgift* slett* delete erase
"""


def pattern(listed: str) -> re.Pattern[str]:
    """Return the pattern that finds any word or phrase of a list."""
    parts = (re.escape(part).replace(r"\*", r"\w*").replace("_", r"\s+") for part in listed.split())
    found = "|".join(parts).replace("…", r"\b[^.!?]{0,40}?\b")
    return re.compile(rf"\b(?:{found})(?!\w)", re.IGNORECASE)
