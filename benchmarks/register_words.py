"""Words that the names of the invented registers are made of, per language; each list begins with its most usual word.

None of it is taken from the tables that Isthmus matches with: what is measured must not be what made the measure.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """A legal form: its usual spelling, others of the same, and whether it stands in front."""

    usual: str
    others: tuple[str, ...] = ()
    front: bool = False


@dataclass(frozen=True)
class Country:
    """How firms of one country are named; `weight` is its share of the register."""

    code: str
    weight: float
    language: str
    forms: tuple[Form, ...]
    places: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


def _pairs(text: str) -> dict[str, str]:
    pairs = [pair.partition(":") for pair in text.split(" ")]
    return {word: other for word, _, other in pairs}


TRADES = {
    "en": _words(
        "Services Holdings Trading Consulting Technologies Construction Properties Capital Investments Solutions "
        "Engineering Logistics Energy Systems Transport Foods Telecommunications Electronics Manufacturing "
        "Shipping Networks Software Chemicals Insurance Pharmaceuticals Semiconductors Steel Aviation Mining "
        "Optical_Cable Textiles Biotechnology Satellite_Communications Packaging Instruments Broadcasting"
    ),
    "de": _words(
        "Verwaltung Handel Bau Immobilien Technik Beratung Dienstleistungen Maschinenbau Elektrotechnik Spedition "
        "Energie Vertrieb Logistik Anlagenbau Werkzeugbau Metallbau Elektronik Telekommunikation Kunststoffe "
        "Verlag Versicherung Stahlbau Apparatebau Brauerei Chemie Medizintechnik Datenverarbeitung Papierfabrik "
        "Gießerei Müllerei"
    ),
    "fr": _words(
        "Services Conseil Bâtiment Immobilier Transports Distribution Travaux_Publics Énergie Industries "
        "Développement Gestion Électronique Télécommunications Assurances Logistique Ingénierie Participations "
        "Informatique Menuiserie Chimie Aéronautique Réseaux Matériaux Textiles"
    ),
    "es": _words(
        "Servicios Inversiones Construcciones Comercial Transportes Distribuciones Inmobiliaria Consultores "
        "Industrias Alimentos Energía Tecnología Ingeniería Telecomunicaciones Electrónica Logística Seguros "
        "Exportaciones Minera Química Acero Textiles Comunicaciones"
    ),
    "it": _words(
        "Servizi Costruzioni Immobiliare Impianti Trasporti Consulenza Alimentari Meccanica Tecnologie Energia "
        "Elettronica Edilizia Logistica Telecomunicazioni Industrie Chimica Tessile Acciaio Assicurazioni "
        "Farmaceutici"
    ),
    "nl": _words(
        "Beheer Holding Bouw Vastgoed Handelsonderneming Transport Advies Techniek Diensten Logistiek Energie "
        "Elektronica Telecommunicatie Scheepvaart Bloemen Installatietechniek Verzekeringen Metaal Chemie"
    ),
    "pl": _words(
        "Usługi Budownictwo Handel Transport Nieruchomości Inwestycje Technologie Produkcja Energia Elektronika "
        "Logistyka Doradztwo Telekomunikacja Przemysł Chemia Górnictwo Ubezpieczenia"
    ),
    "sv": _words(
        "Fastigheter Bygg Konsult Förvaltning Transport Teknik Invest Handel Energi El Elektronik Skog Industri "
        "Verkstad Måleri Logistik Data Telekommunikation Rederi Försäkring"
    ),
    "ru": _words(
        "Stroy Servis Torg Trans Invest Energo Metall Telekom Prom Tekhnika Neft Gaz Svyaz Bank Elektronika "
        "Logistika Khim Montazh Elektro Les"
    ),
    "asia": _words(
        "Technology Trading Industrial Electronic Investment Development Import_and_Export Logistics "
        "Information_Technology Engineering New_Energy Communication_Technology Materials Precision_Machinery "
        "Network_Technology Semiconductor Chemical Shipping Optoelectronics Biotechnology Automation_Equipment "
        "Software Textile Steel Medical_Instruments Petroleum_Equipment"
    ),
}
BODIES = {
    "en": ("Group", "International", "Partners", "Associates"),
    "de": ("Gruppe", "Holding", "Beteiligungen"),
    "fr": ("Groupe", "et Fils", "Holding"),
    "es": ("Grupo", "Internacional", "Hermanos"),
    "it": ("Gruppo", "Fratelli", "Internazionale"),
    "nl": ("Groep", "Internationaal", "Groothandel"),
    "pl": ("Grupa", "Polska"),
    "sv": ("Gruppen", "Nordic"),
    "ru": ("Grupp", "Holding"),
    "asia": ("Group", "International", "Holdings"),
}
COUNTRIES = (
    Country(
        "GB",
        0.14,
        "en",
        (
            Form("Limited", ("Ltd", "Ltd.", "LTD")),
            Form("LLP", ("L.L.P.", "Limited Liability Partnership")),
            Form("PLC", ("plc", "P.L.C.", "Public Limited Company")),
        ),
        _words("London Manchester Leeds Bristol Scotland Wales Kent York"),
    ),
    Country(
        "US",
        0.19,
        "en",
        (
            Form("LLC", ("L.L.C.", "Limited Liability Company")),
            Form("Inc.", ("Inc", "Incorporated", ", Inc.")),
            Form("Corporation", ("Corp.", "Corp")),
            Form("LP", ("L.P.", "Limited Partnership")),
        ),
        _words("Texas California New_York Florida Chicago Ohio Boston Denver Seattle"),
    ),
    Country(
        "DE",
        0.13,
        "de",
        (
            Form("GmbH", ("G.m.b.H.", "Gesellschaft mit beschränkter Haftung", "mbH")),
            Form("GmbH & Co. KG", ("GmbH und Co. KG", "GmbH & Co KG", "G.m.b.H. & Co. Kommanditgesellschaft")),
            Form("AG", ("Aktiengesellschaft", "A.G.")),
        ),
        _words("Berlin München Hamburg Köln Stuttgart Sachsen Düsseldorf Bayern Lübeck"),
    ),
    Country(
        "FR",
        0.08,
        "fr",
        (
            Form("SAS", ("S.A.S.", "Société par actions simplifiée")),
            Form("SARL", ("S.A.R.L.", "Société à responsabilité limitée")),
            Form("SA", ("S.A.", "Société anonyme")),
        ),
        _words("France Paris Lyon Bretagne Marseille Orléans Besançon Normandie"),
    ),
    Country(
        "ES",
        0.05,
        "es",
        (Form("S.L.", ("SL", "Sociedad Limitada")), Form("S.A.", ("SA", "Sociedad Anónima"))),
        _words("Madrid Barcelona Sevilla Málaga Valencia Cádiz Galicia"),
    ),
    Country(
        "MX",
        0.03,
        "es",
        (
            Form("S.A. de C.V.", ("SA de CV", "Sociedad Anónima de Capital Variable")),
            Form("S. de R.L. de C.V.", ("S de RL de CV",)),
        ),
        _words("México Monterrey Puebla Yucatán León"),
    ),
    Country(
        "IT",
        0.06,
        "it",
        (
            Form("S.r.l.", ("SRL", "Srl", "Società a responsabilità limitata")),
            Form("S.p.A.", ("SpA", "SPA", "Società per azioni")),
        ),
        _words("Milano Roma Torino Italia Napoli Forlì Veneto"),
    ),
    Country(
        "NL",
        0.06,
        "nl",
        (Form("B.V.", ("BV", "Besloten Vennootschap")), Form("N.V.", ("NV", "Naamloze Vennootschap"))),
        _words("Nederland Amsterdam Rotterdam Utrecht Brabant"),
    ),
    Country(
        "PL",
        0.03,
        "pl",
        (
            Form("Sp. z o.o.", ("Sp z oo", "Spółka z ograniczoną odpowiedzialnością")),
            Form("S.A.", ("SA", "Spółka Akcyjna")),
        ),
        _words("Warszawa Kraków Łódź Gdańsk Poznań Śląsk"),
    ),
    Country(
        "SE",
        0.03,
        "sv",
        (Form("AB", ("Aktiebolag", "A.B.")), Form("AB (publ)", ("Aktiebolag (publ)", "AB"))),
        _words("Stockholm Göteborg Malmö Skåne Uppsala Västerås"),
    ),
    Country(
        "RU",
        0.04,
        "ru",
        (
            Form("OOO", ("LLC", "Obshchestvo s ogranichennoy otvetstvennostyu"), front=True),
            Form("AO", ("JSC", "Aktsionernoe obshchestvo"), front=True),
            Form("PAO", ("PJSC",), front=True),
        ),
        _words("Moskva Ural Sibir Volga Kazan Sever"),
    ),
    Country(
        "CN",
        0.08,
        "asia",
        (
            Form("Co., Ltd.", ("Co Ltd", "Company Limited", "Co., Limited", "CO.,LTD")),
            Form("Joint Stock Co., Ltd.", ("Company Limited by Shares", "Joint Stock Co Ltd")),
        ),
        _words("Shenzhen Shanghai Beijing Guangzhou Hangzhou Suzhou Wuhan Chengdu Ningbo Xi'an"),
    ),
    Country(
        "HK",
        0.03,
        "asia",
        (Form("Limited", ("Ltd", "Ltd.")), Form("Co., Limited", ("Company Limited", "Co Ltd"))),
        _words("Hong_Kong Asia China Kowloon Far_East"),
    ),
    Country(
        "IN",
        0.03,
        "en",
        (Form("Private Limited", ("Pvt Ltd", "Pvt. Ltd.", "(P) Ltd")), Form("Limited", ("Ltd", "Ltd."))),
        _words("India Mumbai Bangalore Delhi Gujarat Chennai"),
    ),
    Country(
        "SG",
        0.02,
        "asia",
        (Form("Pte. Ltd.", ("Pte Ltd", "Private Limited", "PTE LTD")),),
        _words("Singapore Asia Pacific Southeast_Asia Johor"),
    ),
)
# A spelling that the same word also has: abbreviation, or what an abbreviation stands for.
ABBREVIATIONS = _pairs(
    "Technologies:Tech Technology:Tech. International:Intl Manufacturing:Mfg Services:Svcs Construction:Constr. "
    "Engineering:Eng. Telecommunications:Telecom Communications:Comms Communication:Comm. Electronics:Elec. "
    "Electronic:Elec Industrial:Ind. Industries:Ind Development:Dev. Investments:Inv. Investment:Inv "
    "Partners:Ptnrs Associates:Assoc. Group:Grp Holdings:Hldgs Systems:Sys Transport:Transp. "
    "Pharmaceuticals:Pharma Properties:Props Import:Imp. Export:Exp. Information:Info Brothers:Bros and:& und:u. "
    "et:& Internacional:Intl. Gesellschaft:Ges. Construcciones:Constr Telekommunikation:Telekom "
    "Distribution:Distr. Logistics:Log. Petroleum:Petr. Equipment:Equip. Gruppe:Gr. Ingeniería:Ing."
)
# Real words as brands: shared by firms that have nothing to do with each other.
BRANDS = _words(
    "Global United Alpha Atlas Premier Phoenix Delta Summit Pacific Horizon Apex Nova Omega Star Crown Eagle "
    "Orion Vision Royal Golden Prime Elite Sigma Titan Pioneer Heritage Liberty Victory Falcon Lion Matrix Fusion "
    "Quantum Zenith Vertex Aurora Neptune Mercury Apollo Olympus Sterling Diamond Emerald Sapphire Crystal Silver "
    "Blue Green Red White Black North South East West Central Metro Coastal Alpine Nordic Baltic Adriatic"
)
SECONDS = _words(
    "Star Bridge Stone River Point Line Gate Field Wood Hill Port Light House Tree Bay Rock Sky Wave Peak Ridge "
    "Lake Sun Moon Fox Bear Oak Sail Mill"
)
FIRST_LETTERS = "ABCDEFGHIKLMNPRSTVWXZ"
STARTS = _words("b c d f g h j k l m n p r s t v w z br cr dr fl gr kl pl pr st tr sh th sv kv")
MIDDLES = _words("a e i o u ai en or is ul an er ix on el am ir os")
SYLLABLES = tuple(start + middle for start in STARTS for middle in MIDDLES)
ENDINGS = _words("x n ra lis tek dyne via nova tron ium ora ex us is io mar con del fin gen lux max net par sol tec")
SURNAME_ENDINGS = {
    "en": "son ton ley field worth man ford ham wood well",
    "de": "mann berg er meyer stein hofer bach müller thal wald",
    "fr": "ard eau ier ot elle ond ère aud in",
    "es": "ez ero ano illo ado ón ría",
    "it": "ini etti ello ano oni acci esi",
    "nl": "stra sma huis veld mans boer",
    "pl": "ski wicz czyk owski ak ek",
    "sv": "ström gren lund sson kvist dal",
    "ru": "ov in enko sky ev uk",
    "asia": "wei hua xin tai yuan feng long cheng da",
}
# The letter that takes an accent, and the letter with it.
ACCENTS = {
    "de": "u:ü o:ö a:ä",
    "fr": "e:é e:è o:ô",
    "es": "o:ó i:í n:ñ",
    "it": "o:ò",
    "nl": "e:ë",
    "pl": "l:ł o:ó z:ż",
    "sv": "a:å o:ö a:ä",
}
CYRILLIC = _pairs(
    "shch:щ sch:ш sh:ш ch:ч zh:ж kh:х ts:ц ya:я yu:ю yo:ё th:т ph:ф ck:к x:кс q:к w:в a:а b:б c:к d:д e:е f:ф g:г "
    "h:х i:и j:дж k:к l:л m:м n:н o:о p:п r:р s:с t:т u:у v:в y:ы z:з"
)
