"""The words of each concept, in the languages of the mailbox (nb, nn, en, sv, da, de); read by `concepts`.

`_` is a blank inside a phrase, a `*` at the end of a word any letters, `…` up to six words of the same sentence. A
concept has strict words, or wide ones that mean it less surely: what each is worth, alone and beside others, is
trained.
"""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "me": """
        meg mæ mei mig min mitt mi mine mina mit me my myself mir mich mein* oss undertegnede* klient* client member
        i'm_on sønn* son sonen daughter datter* dotter* barn* child hans hennes hennar ham henne hun ho his her
    """,
    "i_want": """
        jeg_vil eg_vil jag_vill jeg_ønsker eg_ønskjer jeg_krever eg_krev i_want i_would_like i'd_like vil_jeg vil_eg
        ich_möchte
    """,
    "ask": """
        ber be bes bedt ønsk* ynskje* vil vill kan_dere kan_de kan_dykk kan_ni krev* krav* begjær* begær* begär*
        anmod* please pls plz want* request* ask* demand* require* would_like i'd_like can_you could_you bitte*
        möchte verlange forlang* vennligst gjerne gärna gerne må skal insist* formal
    """,
    "facts": """
        opplysning* personopplysning* oplysning* personoplysning* uppgift* personuppgift* persondata data dataene
        dataa daten informasjon* information* info details record*
    """,
    "fields": """
        navn* etternavn* fornavn* namn* etternamn* nummer* telefonnummer* adress* stilling* tittel* alder* fødsel*
        fødd født e-post* epost* name names surname number numbers title birth* age job record* file entry
        certificate kursbevis* mr ms registrert* geburts* anschrift telefon* address*
    """,
    "erase": """
        slett* fjern* stryk* makuler* bort vekk radera* lösch* gelöscht delete deletes deleting deletion erase
        erases erasing erasure remove removal wipe forget destroy purge get_rid_of tilintetgj* avslutt*…kundeforh*
        avslutt*…konto* avslutt*…bruker* be…deleted be…erased be…removed data_deleted slet slettes
    """,
    "held": """
        har vet veit vit lagr* registr* oppbevar* noter* skrev* skriv* står holder hold holds have has store stored
        keep keeps kept know collect* recorded gemt gemmer sparat sparar behandl* process* gespeichert speichern
        haben
    """,
    "about_me": """
        om_meg på_meg om_mæ på_mæ om_mig på_mig om_ham på_ham om_henne på_henne om_oss på_oss om_min* about_me on_me
        on_us about_us on_my about_my over_mig über_mich zu_meiner_person relates_to_me concerning_me
    """,
    "see": """
        innsyn* insyn indsigt* indsyn registerutdrag* kopi* copy copies utskrift* utdrag* uttrekk* oversikt*
        overview auskunft* se sjå see vite vete veta vide know få ha receive send* supply provide tell opplyst
        access erfahren wissen lurer undrar liste dsar
    """,
    "question": """
        hva kva ka hvilke hvilken hvilket kva_for what which vad vilka hvad was welche hvorvidt om_dere whether
    """,
    "everything": """
        alt det everything anything whatever allt alles alle all any
    """,
    "source": """
        hvor…fått hvor…fikk kvar…fått kvar…fekk korleis…fått korleis…fekk korleis…veit hvordan…fått hvordan…fikk
        hvordan…kommet hvorfor_har…nummer* hvorfor_har…adresse* kvifor_har…nummer* how_did_you_get how_did…get…my
        how_have_you_got where_did…get where_did…come_from where…got…from hvor…kommer…fra kvar…kjem…frå hvor…stammer
        varifrån…fått var…fått hvem…gitt_dere kven…gitt_dykk who_gave_you woher…haben hvorfra…fået hvor…har…fra
        how_you_got
    """,
    "who_looked": """
        hvem…har_sett hvem…har_åpnet hvem…har_vært hvem…har_lest hvem…hatt_tilgang hvem…slått_opp kven…har_sett
        kven…har_opna who…has_seen who…has_looked who…looked_at who…has_opened who…has_accessed who…has_listened
        who…has_read
    """,
    "records": """
        opptak* recording recordings personalmapp* personalfile personnel_file journal* opplysning* data file notat*
        profil* lydopptak* logg* e-poster video oplysning* uppgift*
    """,
    "correct": """
        rett rette retter rettar rettes retta retting korriger* endre* oppdater* correct correction corrected amend*
        fix update change rätta ändra berichtig* ret rettet rettelse
    """,
    "wrong": """
        feil galt gal wrong incorrect inaccurate misspel* feilstavet false untrue outdated utdatert ikke_riktig
        ikke_rett ikkje_rett ikke…riktig fel forkert falsch* stemmer_ikke stemmer_ikkje rett_er riktig_er should_be
        høyrer_til hører_til belongs_to jeg_heter eg_heiter i_am_ms i_am_mr
    """,
    "consent": """
        samtykk* samtyck* consent* einwilligung* tillatelse* lov_til permission godta* cookies informasjonskaps*
        ticked_a_box krysset_av
    """,
    "undo": """
        trekk* trukket trekt angr* ombestem* withdraw* revok* återkall* drar*tillbaka ta_tillbaka tar_tillbaka
        trække* tilbage* tilbake* widerruf* changed_my_mind no_longer ikke_lenger ikkje_lenger gjøre_om gjør*om
    """,
    "hold": """
        begrens* avgrens* restrict* begränsa* einschränk* frys* freeze frozen lock locked lås* sperr* på_vent
        on_hold
    """,
    "meanwhile": """
        until till inntil innan før while mens medan meantime imens så_lenge
    """,
    "not": """
        nobody no_one not don't dont ikke ikkje ingen inte neither nor
    """,
    "use": """
        bruk* use used using act acted acting pass passing show shown share shared sharing del deles vis vises rør*
        touch process* behandl* purge slett* delete
    """,
    "leave_alone": """
        ikke…slett*…ikke…bruk* ikkje…slett*…ikkje…bruk* not_delete…not_use not_purge…not_use not_delete*…or_use
        ikke_brukes ikkje_brukast
    """,
    "machine_readable": """
        portab* dataportab* maskinles* maskinlæs* machine-readable machine_readable computer_can_read
        structured_format strukturert_format csv json xml eksport* export* maschinenlesbar*
    """,
    "move": """
        overfør* transfer flytt* ta_med ha_med med_meg
    """,
    "my_records": """
        data* opplysning* history historikk* results profil* innstilling* kurs*
    """,
    "object": """
        protester* motset* innsigelse* indsigelse* object objects objection objecting invänd* widersprech*
        widerspruch opponer* not_want_you_to
    """,
    "processing": """
        behandl* process* bruken bruker use_of using profil* legitimate_interest berettiget* rettmessig* article_21
        artikkel_21 art._21 analy* track* verarbeitung overvåk*
    """,
    "stop": """
        slutt* sluta* stopp* stop stans* quit cease frabe* reserver* avmeld* afmeld* avregistrer* meld*_meg_av
        meld*_meg_ut meg_av mig_av unsubscribe opt_out opt-out opphør* hold*_op abbestell* abmeld* motset*
        protester* object take_me_off remove_me fjern_meg fjern*…meg stryk…meg not_want don't_want don't_send
        don't_call don't_text don't_contact not_interested ikke_ring* ikkje_ring* ikke_send* ikkje_send*
        ikke_kontakt* ingen…kontakt* ikke_ha ikkje_ha ikke_få ikke_motta* ikke_å_motta* ikke_at_modtage*
        ikke_ønske*…flere aldri…ring* ring*…aldri never…call never…contact ikke…mer ikkje…meir ikke_flere
        ikkje_fleire itj…på inte…ha inte…få nor_for no_more keine
    """,
    "ads": """
        reklame* reklam markedsføring* marketing marknadsføring* markedsfør* nyhetsbrev* nyheitsbrev* nyhedsbrev*
        newsletter newsletters sms* kampanje* tilbud* tilbod* ads advert adverts advertising promotion* offers
        mailing_list list lista listen liste werbung utsend* salgs* spam annonse* direct_marketing erbjudand*
        utskick emailing e-mailing ringe ringer ring ringing call calls calling text texts texting mail mails mailer
        email emails e-post e-poster nyhende* nyheter post
    """,
    "bare_stop": """
        unsubscribe stop stopp avmelding avmeld meld_meg_av afmelding afmeld avregistrera abmelden abbestellen
    """,
    "machine": """
        automati* automated algorit* maskin* software computer* datamaskin* robot* system* score scoring sekund*
        seconds ai ki
    """,
    "decided": """
        avslag* avslå* reject* declin* denied refus* decides decided decision* avgjør* avgjer* beslut* dropped
        avvist* ablehn* entscheid*
    """,
    "human": """
        menneske* människa* mänsk* human person nobody_read kjøtt_og_blod manuel* levende mensch* noen_som_ser
        noen…ser_på
    """,
    "complain": """
        klag* complain* complaint beschwer* klagomål failure_on_your_part
    """,
    "privacy": """
        personvern* personopplysning* gdpr dsgvo opplysning* persondata personal innsyn* e-postkass* mobilnummer*
        nummer* adresse* address* utlever* privat* fristen frist breach exposed rights datatilsyn* daten dataskydd*
        mine_data my_data
    """,
    "insight": """
        innsyn innsynskrav innsynsbegj* indsigt* indsyn registerutdrag* subject_access access_request auskunft* dsar
        right_of_access
    """,
    "gone": """
        få_meg_ut få_meg_vekk få_meg_bort ta_meg_bort meg_ut_av get_me_out take_me_off alt…vekk alt_skal…bort
        alt_må…bort right_to_be_forgotten retten_til_å_bli_glemt i_want_gone want_it_gone
    """,
    "with_us": """
        hos_dere hos_dykk hos_jer hos_er deres_register register systemene_deres registeret_deres systemet_deres
        lagret_på har_lagret har_lagra personal_data_relating cv* brukeren brukaren søknaden alt
    """,
    "wide_self": """
        meg mæ mei mig min mitt mi mine mina mit me my myself i mich mir mein* jag jeg eg je ich
        vi_som_privatpersoner undertegnede* underteikna* unterzeichn*
    """,
    "wide_someone": """
        klient* client* mandant* sønn* son sonen daughter* datter* dotter* barn* child* mor mother far father mann
        husband kone wife ektefelle fullmakt* power_of_attorney vollmacht* verge* guardian på_vegne_av on_behalf
        på_vegner_av im_namen
    """,
    "wide_person_data": """
        opplysning* personopplysning* oplysning* personoplysning* uppgift* personuppgift* persondata personal_data
        personal_information personenbezogen* mine_data my_data my_information my_details data_om about_me om_meg
        om_mæ om_mig über_mich på_meg on_me zu_meiner_person
    """,
    "wide_id_fields": """
        navn* etternavn* fornavn* namn* etternamn* telefonnummer* mobilnummer* nummeret_mitt mobilen* adress*
        postadress* stilling* tittel* alder* fødselsdato* fødsel* e-postadress* epostadress* surname* maiden
        first_name phone_number* job_title date_of_birth gender kjønn* pronomen* pronoun* geburts* anschrift* mr mrs
        ms herr frau sivilstand* pårørende next_of_kin kontonummer* statsborgerskap* nationality
    """,
    "wide_files_on_me": """
        personalmapp* personalfil* personnel_file* journal* notat* note* profil* lydopptak* opptak* recording* logg*
        log logs cv* søknad* application* bilde* bildet foto* photo* picture* video* film* konto* account* bruker*
        brukar* user_account profile* kort* visittkort* business_card* fingeravtrykk* fingerprint* passkopi*
        copy_of_my_passport score* rating kredittvurdering*
    """,
    "wide_erase": """
        slett* fjern* stryk* makuler* sletta radera* ta_bort lösch* gelöscht* delete* deletion erase* erasing
        erasure remove* removal wipe* forget destroy* purge* get_rid_of tilintetgj* kast* hiv hive riv slet slettes
        ta_vekk ta_ut få_vekk få_bort få_ut bort_med vekk_med shred* scrap bin_it trash throw_away take_down
        take_it_down taken_down tas_ned ta_ned fjerna vernicht* entfern* lukk_kontoen close_my_account avslutt* glem
        glemt kvitt ikke_ligge ikkje_ligge ikke_lagre* not_keep stop_storing
    """,
    "wide_hold": """
        har vet veit vit lagr* registr* oppbevar* noter* skrev skriv* står_om står_det holder holds hold have_on
        has_on stored store keep keeps kept collect* recorded gemt gemmer sparat sparar gespeichert speicher*
        ligger_om ligger_det sitter_på sit_on oppført registrert
    """,
    "wide_see": """
        innsyn* insyn indsigt* registerutdrag* kopi* copy copies utskrift* utdrag* uttrekk* oversikt* overview
        auskunft* sjå få_se få_sjå se_hva vite vete veta vide opplyst send_meg send_me provide supply access dsar
        erfahren wissen lurer undrar utlevert utlevering innsynskrav* subject_access list_of
    """,
    "wide_what": """
        hva kva ka hvilke hvilken hvilket what which vad vilka hvad welche* was_haben hvem kven who whom wer hvor
        where kvar wo var
    """,
    "wide_source": """
        hvor_har hvor…fra kvar…frå hvordan…fikk hvordan…fått korleis…fekk korleis…fått how_did_you_get
        how_did…get…my where_did_you_get where_did…come_from who_gave_you hvem_ga_dere hvem_har_gitt kven_gav
        varifrån woher hvorfra hvor…nummer* how…got_my how_come_you_have
    """,
    "wide_shared": """
        delt utlever* gitt_videre videresendt solgt sold shared passed_on forwarded tredjepart* third_part*
        mottaker* recipient* weitergegeben given_to har_tilgang had_access looked_at sett_på åpnet opna lest_journal
        slått_opp snok* snoop*
    """,
    "wide_correct": """
        rett rette retter rettar rettes retta retting korriger* correct corrected correction amend* fix rätta ändra
        berichtig* ret rettet rettelse oppdater* update endre endra change_it byt_ut spelled stavet staves stava
        misspel* skrivefeil
    """,
    "wide_wrong": """
        feil galt gal wrong incorrect inaccurate feilstavet false untrue outdated utdatert gammel_adresse gamle
        ikke_riktig ikkje_rett ikke_stemmer stemmer_ikke stemmer_ikkje fel forkert falsch* stimmt_nicht jeg_heter
        eg_heiter i_am_called my_name_is jag_heter jeg_hedder ich_heiße heter_nå heiter_no byttet_navn
        changed_my_name nytt_nummer new_number new_phone flyttet flytta moved
    """,
    "wide_consent": """
        samtykk* samtyck* consent* einwillig* zustimm* tillatelse* tillating* permission godkjent godkjenn* ja_til
        said_yes sa_ja agreed avkryss* tick ticked box cookies cookie* informasjonskaps*
    """,
    "wide_withdraw": """
        trekk* trekkj* trekker_tilbake trekkjer_attende dreg…attende tilbakekall* kaller_tilbake kaller…tilbake
        kall…tilbake withdraw* revoke* take_back taking_back widerruf* zieh*…zurück återkall* tar_tilbake
        tar…tilbake tar_attende angre* ombestemt changed_my_mind off_the_table gjelder_ikke_lenger no_longer_valid
        no_longer_consent samtykker_ikke_lenger trækker…tilbage
    """,
    "wide_freeze": """
        lås frys* freeze lock sperr* begrens* avgrens* restrict* einschränk* begräns* sett_på_vent på_vent on_hold
        put_on_hold hold_fingrene la_ligge la_det_ligge leave_it leave_alone ikke_rør ikkje_rør don't_touch
        do_not_touch don't_use not_use not_be_used ikke_bruk* ikkje_bruk* ikke_slett* ikkje_slett* do_not_delete
        don't_delete nicht_löschen ta_vare_på keep_it hang_on_to spar_på behold
    """,
    "wide_meanwhile": """
        until till inntil innan før while mens medan meantime imens så_lenge bis i_mellomtiden tvist* dispute*
        rettssak* court advokat* lawyer forsikring* insurance klagesak*
    """,
    "wide_portable": """
        portab* dataportab* maskinles* maskinlæs* maskinläsbar* machine-readable machine_readable csv json xml excel
        regneark spreadsheet eksport* export* structured strukturert* maschinenlesbar* nedlast* download* datei
    """,
    "wide_move": """
        overfør* transfer* flytt* ta_med ha_med ta_meg_med take_with take_it_with til_en_annen another_provider
        ny_arbeidsgiver new_employer annen_leverandør konkurrent* overføres überträg* mitnehmen
    """,
    "wide_object": """
        protester* motset* motsett* innsigelse* indsigelse* object objects objection objecting invänd* invändning*
        widersprech* widerspruch opponer* vil_ikke_at vil_ikkje_at ønsker_ikke_at don't_want_you not_want_you nekter
        refuse_to_let slutt_å stop_using stop_tracking oppfører reservere
    """,
    "wide_use": """
        behandl* process* bruken bruker use use_of using profil* legitimate_interest* berettiget* rettmessig*
        analys* analyz* track* spor* overvåk* kamera* camera* måle* measure* monitor* statistikk* score* filme*
        film_us verarbeit* nutz* sammenligne* compare* ranger* rank*
    """,
    "wide_situation": """
        på_grunn_av fordi because due_to av_hensyn_til hemmelig_adresse secret_address trusler threat* forfulgt
        stalk* ex-mann syk* ill illness sick barnevern* religiøs* religion hijab tro fagforening* union pregnan*
        gravid* skilt divorce* angst anxiety jobbsøk* situasjon* situation
    """,
    "wide_stop": """
        slutt* sluta* stopp* stop stans* quit cease frabe* reserver* avmeld* afmeld* avregistrer* avprenumerera
        meld…av meld…ut unsubscribe unsub opt_out opt-out opphør* hold_op abbestell* abmeld* take_me_off ta_meg_av
        fjern_meg remove_me stryk_meg ikke_mer ikke_flere ikkje_meir ikkje_fleire no_more inga_fler inte_fler
        ikke_send* don't_send ikke_ring* don't_call don't_text kutt_ut gi_seg gi_opp leave_me_alone la_meg_være
        i_fred slipper slepp keine_weiteren nicht_mehr not_interested ikke_interessert spar_meg spare_me nok_nå
        enough aldri_mer never_again verschon* lass*_mich
    """,
    "wide_ads": """
        reklame* reklam markedsfør* marketing marknadsfør* nyhetsbrev* nyheitsbrev* nyhedsbrev* newsletter* sms*
        kampanje* tilbud_på ads advert* advertis* promotion* promo* mailing* utsend* spam annonse* werbung*
        erbjudand* utskick* katalog* catalogue* invitasjon* invite* invitation* tekstmelding* text_messages beskeder
        selger* seller salesman salg_ringer telefonsalg* cold_call* retarget* følger_etter_meg follow_me_around
        nyhende* messeinvit* julekort* christmas_card*
    """,
    "wide_contact_acts": """
        ringe* ringer ring ringing call calls called calling texts texting mailer mails e-poster emails telefon*
        phones_me kontakt* skriver_til sender_meg sends_me sender_oss
    """,
    "wide_machine": """
        automati* automated algorit* maskin computer* datamaskin* robot* system* score scoring sekund* seconds ki
        kunstig_intelligens ai software program* skjema form_refused
    """,
    "wide_decided": """
        avslag* avslå* reject* declin* denied refus* decides decided decision* avgjør* avgjer* beslut* avvist*
        ablehn* entscheid* nektet nekta turned_down nei_på silt_ut sortert_ut screened
    """,
    "wide_human": """
        menneske* människa* mänsk* human a_person en_person nobody_read ingen_har_lest levende mensch* noen_som_ser
        noen…ser_på manuel* manual* ekte_menneske real_person kjøtt_og_blod
    """,
    "wide_complain": """
        klag* klage complain* complaint* beschwer* klagomål datatilsyn* supervisory_authority dpo personvernombud*
        data_protection_officer datenschutzbeauftragt* ulovlig illegal unlawful not_legal brudd breach lekk* leak*
        uforsvarlig
    """,
    "wide_privacy": """
        personvern* gdpr dsgvo privacy datenschutz* dataskydd* databeskyt* data_protection personvernforordning*
        personopplysningslov*
    """,
    "wide_article": """
        artikkel_13 artikkel_14 artikkel_15 artikkel_16 artikkel_17 artikkel_18 artikkel_19 artikkel_20 artikkel_21
        artikkel_22 article_13 article_14 article_15 article_16 article_17 article_18 article_19 article_20
        article_21 article_22 art_13 art_14 art_15 art_16 art_17 art_18 art_19 art_20 art_21 art_22 artikel_13
        artikel_14 artikel_15 artikel_16 artikel_17 artikel_18 artikel_19 artikel_20 artikel_21 artikel_22
    """,
    "wide_reply_due": """
        innen_30 innan_30 within_30 30_dager en_måned one_month within_a_month frist* deadline* innerhalb
        ugrunnet_opphold undue_delay
    """,
    "wide_confirm": """
        bekreft* stadfest* confirm* bestätig* bekräfta
    """,
    "wide_foi": """
        offentleglov* offentliglov* offentlighetsl* postliste* postjournal* freedom_of_information aktinnsyn*
        saksdokument* aktindsigt* offentlig_handling*
    """,
    "wide_patient": """
        pasient* sykehus* hospital lege* doctor blodprøve* røntgen* journalen_min_etter surgery operation ward
        resept* prescription
    """,
    "wide_order": """
        ordre* bestilling* bestill* order orders faktura* invoice* offert* quote* quotation tilbud delenummer*
        reservedel* spare_part* levering* delivery frakt* freight kreditnota* bestellung* rechnung* angebot*
        beställning*
    """,
    "wide_product": """
        maskin* pumpe* pump pumps transportør* conveyor sensor* båndet vekt filet* fryse* freezer* software* plc hmi
        programvare* tegning* drawing* manual* garanti* warranty sløye* bløgge* merd* laks* salmon fisk* fish* trål*
        vessel skip båt* anlegg* linje* line
    """,
    "wide_job": """
        stilling_som søknad* intervju* interview* cv karakter* lærling* apprentice* sommerjobb* summer_job
        internship praksis* bewerbung* ansökan vacancy position attest*
    """,
    "wide_withdraw_other": """
        trekker_søknaden trekker_tilbudet trekk_ordren withdraw_my_application withdraw_the_offer withdraw_our
    """,
    "wide_dpa": """
        databehandler* data_processing_agreement dpa auftragsverarbeit* personuppgiftsbiträd* underdatabehandler*
        sub-processor* subprocessor* skjema_for_leverandør
    """,
    "wide_vendor": """
        vi_tilbyr we_offer our_solution løsning* webinar* demo gratis free_trial book_a_call leads seo rabatt*
        discount kurs_i compliance_tool partner*
    """,
    "wide_notice": """
        du_har_rett you_have_the_right når_som_helst at_any_time unsubscribe_here meld_deg_av du_mottar
        you_are_receiving you_receive konfidensial* confidential intended_recipient in_error rett_mottaker
        personvernerklæring* privacy_policy privacy_notice vi_oppdaterer we_have_updated we're_updating
    """,
    "wide_give_consent": """
        jeg_samtykker eg_samtykkjer i_consent i_agree dere_må_gjerne de_må_gjerne you_may_keep feel_free_to_keep
        gerne_speichern einverstanden får_gärna_spara vil_gjerne_stå vil_gjerne_ha_nyhetsbrev sign_me_up
    """,
    "wide_school": """
        masteroppgave* bachelor* student* elev* thesis survey spørreundersøkelse* forsker* researcher journalist*
    """,
    "wide_please": """
        vær_så_snill vennligst ber_om ber_dere ber_dykk vil_ha vil_vite krev* krever i_want i_would_like i_request
        request please pls bitte kan_dere kan_de kan_dykk kan_ni kan_i could_you can_you would_you ønsker ønskjer
        ynskjer begär begärer verlange forlang* demand insist må_dere skal_ha
    """,
    "login": """
        logg* innlogg* pålogg* passord* password* log_in log_on login logged sign_in 2fa engangskode* kode kodea code
        codes reset inlogg* lösenord* adgangskode* kennwort* anmelden einloggen freischalt* brukernavn* username
        utestengt locked_out sperret låst gesperrt authenticator lenke link vpn portal* portalen zugang
    """,
    "call_back": """
        ring_meg ring_oss ringe_meg ring_gjerne ringer_du ring_tilbake call_me call_us ring_me give_me_a_call
        ring_mig rufen_sie_mich rückruf* ta_kontakt_med_meg get_back_to_me hører_fra høre_fra hear_from_you
    """,
    "transport": """
        levering* lever* leveranse* frakt* pall pallen pallet* sending* shipment* ship crate* kasse* container* bud
        ekspress* freight deliver* delivery sjåfør* driver lastebil* truck* toll customs hent* pick-up lieferung*
        fracht* leverans* fragt* konteiner* pakkseddel* packing
    """,
    "parts": """
        pakning* o-ring* lager* bolt* skive* filter* filtre* reim* belte* belt belts gasket* seal* bearing* blad*
        knivblad* blade* kniver rotor* tannhjul* gearbox gir* kobling* coupling slange* hose ventil* valve* skrue*
        del deler deles parts stk pcs styck stück artikkel* varenummer* serienummer* serial dichtung* keilriemen
        packning* viftebl* motor* aksling*
    """,
    "money": """
        kr kroner pris* prise* price* tilbud* tilbod* rabatt* betal* betale pay paid payment refusjon* refund*
        erstatning* erstatt* kreditnota* credit_note vat moms* mva kost* cost* fakturer* invoice* faktura* euro eur
        gbp pounds usd budget* budsjett* konto* bank* zahlen preis* regning* rekning* kvittering* receipt
    """,
    "when_where": """
        møte* møtes meeting uke uka veke veka week vecka uge woche mandag* tirsdag* onsdag* torsdag* fredag* lørdag*
        søndag* måndag* tysdag* laurdag* sundag* monday tuesday wednesday thursday friday saturday sunday montag
        dienstag mittwoch donnerstag freitag klokka kl klokken o'clock befaring* besøk* visit hotell* hotel
        parkering*
    """,
    "workday": """
        skift* vakt* ferie* permisjon* timeliste* lønnsslipp* lønsset* egenmelding* payslip* shift* leave holiday
        rota reiseregning* expenses utlegg* utlägg* udlæg* overtid* overtime vacation nøkkel* keys adgangskort*
        arbeidstøy* oppsigelse* notice_period schicht* urlaub*
    """,
    "applying": """
        søker_stillingen søker_på_stillingen søker_jobb søkjer søknad_og_cv cv_er_vedlagt cv_vedlagt vedlagt_søknad
        ledig_stilling ansettelse* karakterutskrift* attest* referanse* reference* referee apply applying vacancy
        my_cv_is cv_attached lærling* apprentic* praksisplass* summer_job bewerbe* söker_jobbet ansøgning_som
        fagbrev* experience erfaring* førarkort
    """,
    "noise": """
        støy* bråk* lukt* stank* noise smell* floodlight* lys lyset lärm* oväsen larm* larmet alarm* nabo* neighbour*
        neighbor* grannar gjerde* fence velforening* beboer* residents planlegg* byggesak* reguleringsplan*
    """,
    "contract": """
        avtale* avtala avtalen kontrakt* contract* clause punkt* bilag* vedlegg* annex signer* signatur* signed
        undertegn* unterschr* vertrag* avtal aftale* betingelse* vilkår* terms anbud* tender bid leie* lease
    """,
    "technical": """
        sensor* skjerm* screen alarm* feilkode* feil_på error program* oppdatering* update_of plc hmi firmware
        parameter* kalibr* calibrat* spenning* motor* batch* oppskrift* recipe* logg_fra historian* server*
        backup* nettverk* network reboot restart* omstart* trykk* temperatur* kapasitet* capacity linja linje
    """,
    "other_law": """
        kjøpslov* kjøpsl* husleielov* offentleglov* offentliglov* miljøinformasjonslov* forbrukerkjøp* angrerett*
        sale_of_goods freedom_of_information widerrufsrecht ångerrätt* patientjournal* anbudsregl* plan-_og_bygn*
        informationsfreiheit* offentlighetsprincip* offentlighedslov* forvaltningslov*
    """,
    "fraud": """
        bitcoin klikk_her click_below click_here verify bekreft_identiteten din_konto kontoen_din postkassen_din
        your_account your_mailbox dear_user dear_customer kjære_kunde kjære_bruker suspended lottery inheritance
        vant vunnet barrister seo leads ranking backlinks
    """,
    "absent": """
        automatisk_svar out_of_office fravær fråvær ferie_til tilbake_i_kontoret leses_ikke videresendes_ikke
        blir_ikke_videresendt limited_access abwesenheit* nicht_im_büro frånvaro away_until permisjon_til
        no_longer_monitored undeliverable delivery_failed kunne_ikke_leveres not_be_delivered
    """,
    "company_we": """
        vi oss vår vårt våre vores vi'll we our ours us we're we've wir uns unser* vårat våra rederi* firmaet
        bedriften selskapet our_company as ltd gmbh aps ab
    """,
    "person_i": """
        jeg eg jag ich i i'm i've i'd i'll je ej æ mi mitt min mine my mein* meg mig mich mir me
    """,
    "private_things": """
        privatnummer* privat_nummer private_number private_mobil* privat_mobil* privat_adresse* privat_epost*
        hjemmeadresse* home_address passkopi* kopi_av_pass* passport pass passet ausweis* førerkort* driving_licence
        fødselsnummer* personnummer* kontonummer_mitt nummeret_mitt nummeret_hjem navnet_mitt namnet_mitt my_name
        my_number my_address my_mobile my_phone my_email min_adresse adressen_min adressa_mi mailen_min
        e-posten_min fødselsdatoen_min my_date_of_birth mitt_namn mitt_nummer mit_navn mit_nummer mein_name
        meine_nummer visittkort* business_card fingeravtrykk* fingerprint* bildet_av_meg biletet_av_meg
        bilder_av_meg bilete_av_meg picture_of_me pictures_of_me photo_of_me photos_of_me film_of_me opptak_av_meg
        opptaket_av_meg foto_von_mir
    """,
    "sensitive": """
        helse* helseopplysning* health syk* sjuk* sick illness sykdom* diagnos* kreft* cancer gravid* pregnan* psyk*
        lege* doctor* medisin* skilt* skils* divorc* eks* ex eksmann* eksen religi* fagforening* union trans
        krisesenter* adressesperre* protected_address gjeld debt inntekt* income rus alkohol* drink* drikker
        sykemeld* sjukmeld* krankmeld* sygemeld*
    """,
    "written_down": """
        notert notere noterer noterte skrevet_ned skrive_ned skriver_ned skrev_ned skrevet_om skrive_om skriv_om
        står_det_om står_om står_jeg står_eg stå_i ført_opp oppført noted written_about wrote_down write_about
        on_file filed_under tagged noteret antecknat aufgeschrieben steht_über liggende_om ligger_om ligger_det
        ligg_det ligger_inne ligger_jeg sitter_på sitter_med sit_on hold_on_me have_on_me has_on_me have_me_down
        am_i_in har_på_meg har_på_mæ har_om_meg har_liggende har_i_liggende
    """,
    "watched": """
        gps spor spores sporet sporing* track* overvåk* monitor* overvak* måler måles målt measured filmer filmes
        filmet filma filming kamera* camera* cctv avlytt* ansiktsgjenkjenning* face_recognition profiler*
        ortung geortet mäter måle_mig statistikken_deres tavle* ranking ranger*
    """,
    "not_needed": """
        trenger_dere_ikke dere_trenger_ikke trenger_ikke treng_de_ikkje de_treng_ikkje treng_ikkje ikke_bruk_for
        don't_need no_longer_need no_longer_needed no_need_for no_reason_for_you no_reason_to_keep behöver_inte
        behøver_ikke nicht_mehr_brauchen brauchen_sie_nicht ikke_lenger ikkje_lenger not_any_longer no_longer
        slutta_i sluttet_i sluttet_hos ikke_kunde ikkje_kunde not_a_customer ferdig_med_dere done_with_you
    """,
    "away_with": """
        vekk bort vekke kvitt makuler* brenn brenne hiv stryk stryke strykes stryk_meg stroke cross_off
        cross_me_off get_rid bin_it bin shred wipe wiped disappear forsvinn* forsvinne tas_bort ta_bort ta_vekk
        tas_vekk taken_down take_down take_it_down ta_ned tas_ned fjernes slettes deleted erased destroyed weg
        verschwinde* försvinn* bränn nuke scrub expunge lose_my
    """,
    "had_enough": """
        nok lei drittlei lei_av holder_nå held_no det_holder det_held holder_for enough fed_up sick_of tired_of
        gi_dere gi_seg gje_dykk stop_it for_guds_skyld siste_gang last_time gang_på_gang stadig stadige again
        igjen_og_igjen every_week hver_uke kvar_veke every_day hver_dag trakasser* harass* plag* mas maset bother*
        skluss schluss genug nog_nu mister_tålmodighet*
    """,
    "once_agreed": """
        ga_lov gav_lov sa_ja skrev_under skreiv_under underskrev gave_permission gave_my gave_you_my signed_that
        i_signed i_agreed said_yes ticked krysset_av kryssa_av hukte_av takket_ja hadde_sagt_ja lot_dere let_you
        okay_to ombestemt angrer angrar angret ångrat fortrudt fortryder anders_überlegt changed_my_mind
        on_second_thoughts thought_it_over tenkt_meg_om gjelder_ikke gjeld_ikkje nicht_mehr_einverstanden
        ta_tilbake tek_attende
    """,
    "exposed": """
        alle_kan_se alle_kunne_se alle_så alle_ser for_alle for_everyone everyone_can everyone_could alle_andre
        hele_bransjen whole_trade open_kopi åpen_kopi åpent_til i_klartekst på_tavla oppslagstavle* notice_board
        hang_opp henger heng hängde leste_høyt read_out sendt_rundt går_rundt went_round passed_round lå_fremme
        lå_åpent lying_open feil_person wrong_person feil_mottaker wrong_recipient kopimottaker* kopifeltet cc
        cc-feltet sladr* gossip videresendt_til uvedkommende taushetsplikt* snoket holde_tett keep_quiet shared_with
    """,
    "instantly": """
        på_sekundet på_ett_minutt etter_et_minutt etter_ett_minutt minutt_etter sekunder seconds within_a_minute
        after_one_minute in_one_minute one_minute ingen_kan_ha_lest no_one_can_have nobody_looked nobody_has_looked
        uten_at_noen without_anyone no_human no_person kein_mensch maskinen_sier computer_says systemet_sier
        system_decided programmet_bestemmer automatisk_avslag automatically_rejected dataprogram* formel
        formula kredittmotor* credit_engine kredittsjekk*
    """,
    "someone_to_look": """
        se_på_den se_på_det ser_på_den sett_på_den look_at_it look_at_my looks_at_it take_a_look reads_it read_it
        lese_den leser_den vurdere_den vurderer vurdere_på_nytt ny_vurdering reconsider* review_it reviewed
        overprøv* omgjør* med_egne_øyne own_eyes saksbehandler* case_worker case_handler få_forklare forklare_meg
        let_me_explain min_side my_side si_mitt my_say
    """,
    "take_along": """
        med_meg ta_med få_med with_me take_along bring_with importer* imported import_it import_them lese_inn
        les_inn read_in annet_system other_system another_system new_system ny_app new_app annen_app other_app
        neuen_app ny_arbeidsgiver ny_arbeidsgjevar new_employer nytt_system send_videre straight_to direkte_til
        directly_to
    """,
    "person_of_theirs": """
        selgeren_deres selger_deres seljaren_dykkar your_salesman your_sales your_rep your_seller jeres_sælger
        er_säljare ihr_verkäufer deres_ansatte your_staff your_colleague kollegaen_din vekter* guard resepsjon*
        receptionist sjefen_min my_boss my_manager leiaren_min lederen_min vaktbua personalsjef* hr rekrutter*
    """,
}

# Sentences that tell people of their rights, or ask the wrong reader to delete the mail, are nobody's request.
NOTICE = """
    du_har_rett du_har_også_rett you_have_the_right have_the_right_to your_right_to du_har_rätt når_som_helst
    när_som_helst at_any_time to_unsubscribe unsubscribe_here meld_deg_av you_will_not_receive du_vil_ikke_få
    du_får_denne you_are_receiving you_receive_this dine_rettigheter konfidensialitet* confidential
    intended_recipient transmission rett_mottaker rett_mottakar kommet_til_feil in_error personvernerklæring*
    how_to_request to_access,_correct i_samsvar_med we're_updating vi_oppdaterer enklere_å_be offentle*
    offentlighetslov* freedom_of_information personvernreglene data_subject_request* databehandleravtale*
    auftragsverarbeitung* taushetsbelagt* right-to-erasure
"""
