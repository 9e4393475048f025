"""Words that people in Norway like to begin a password with; the list that Django brings along knows English ones.

Written down by hand: words for the thing itself, seasons, months, days, places, clubs, pets, first names, food, oaths.
"""

_TEXT = """
passord passordet passord1 mittpassord nyttpassord hemmelig hemmelighet glemt glemtpassord adgang tilgang logginn
innlogging bruker brukernavn admin administrator velkommen sjef sjefen kontor kontoret jobb jobben jobbpassord
arbeid arbeidsplass skole skolen student larer laerer rektor kunde kunder kundeservice firma firmaet bedrift selskap
personvern innsyn datatilsynet sikkerhet sikker trygg test testing tester prove midlertidig ukjent ingenting hei
heihei heisann hallo morn hade takk vaersagod velbekomme skal gratulerer sommer sommeren sommer1 vinter vinteren
host hosten var vaar vaaren varen januar februar mars april mai juni juli august september oktober november desember
mandag tirsdag onsdag torsdag fredag lordag sondag helg helgen ferie sommerferie paske paaske jul julen julaften
julenissen nissen pinse syttendemai 17mai bursdag nyttar nyttaar norge noreg norsk norske nordmann oslo bergen
trondheim stavanger tromso kristiansand drammen fredrikstad sandnes sarpsborg skien bodo alesund aalesund larvik
tonsberg arendal haugesund sandefjord moss molde hamar lillehammer gjovik harstad narvik alta hammerfest kirkenes
svalbard lofoten telemark hardanger vestland ostlandet sorlandet nordland finnmark hedmark oppland akershus sverige
danmark finland island europa brann rosenborg valerenga vaalerenga lillestrom viking tromsoil bodoglimt glimt stabak
odd fotball handball langrenn ski skiskyting hopp haaland odegaard northug bjorgen klaebo solskjaer liverpool
manchester arsenal chelsea katt katten pus pusen kattepus hund hunden vovvov valp hest hesten ponni kanin elg elgen
bjorn bjornen ulv reven rev ugle fugl fisk laks torsk sau sauen kua geit hval delfin drage enhjorning kjaereste
kjaeresten kjaerlighet elsker elskerdeg jegelskerdeg gladideg mamma pappa mor far bestemor bestefar mormor morfar
farmor farfar soster bror familie familien barn barna baby babyen vennen venner skatt skatten prinsesse prins
dronning konge kongen engel engelen solskinn stjerne stjernen regnbue hjerte hjertet blomst rose kari ola anne anna
inger ingrid liv eva marit astrid nora emma sofie sofia ida thea emilie maria kristin kristine hanne silje camilla
line linda monica nina berit randi solveig sigrid jan per lars knut kjell svein arne thomas hans geir tor terje
morten erik andreas martin jonas magnus henrik kristian kristoffer jakob lucas oliver noah william filip emil
mathias alexander fredrik anders petter stian espen rune trond oyvind haakon olav harald kaffe pizza taco grandiosa
kvikklunsj brunost waffel vaffel vafler sjokolade freia laban ol vin pils hytte hytta hytten fjellet fjell sjoen
havet fjord fjorden midnattssol nordlys skog skogen snoen sno regn solen maanen fuck faen satan helvete jaevla
jaevel dritt dust dustemikkel idiot kuken fitte pikk qwerty qwertyuiop qwertyuiopa asdfgh asdfghjkl zxcvbn zxcvbnm
qazwsx 1q2w3e4r 1qaz2wsx abcd abcdef abcdefgh abcdefghi
"""

WORDS = frozenset(_TEXT.split())
