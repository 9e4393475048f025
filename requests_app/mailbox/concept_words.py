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
