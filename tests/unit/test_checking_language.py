from __future__ import annotations

import pytest

from handbill.checking.language import language_of
from tests.doubles.checked import blocking_codes, findings_of

LINES = {
    "en": """
The first green tea of the year is here, and it tastes of April
Come by the harbour and try a cup before you decide what to take home
Picked by hand on a slope that looks over the water and the boats
There is a quiet minute in every cup, and this one has a little more
A tin that keeps the leaves fresh until the very last spoon of them
""",
    "de": """
Der erste grüne Tee des Jahres ist da und schmeckt nach April
Komm am Hafen vorbei und probier eine Tasse, bevor du dich entscheidest
Von Hand gepflückt auf einem Hang, der auf das Wasser schaut
In jeder Tasse steckt eine ruhige Minute, in dieser ein wenig mehr
Eine Dose, die die Blätter bis zum letzten Löffel frisch hält
""",
    "es": """
El primer té verde del año ya está aquí y sabe a primavera
Pásate por el puerto y prueba una taza antes de decidirte
Recogido a mano en una ladera que mira al mar y a los barcos
En cada taza hay un minuto de calma, y en esta un poco más
Una lata que mantiene las hojas frescas hasta la última cucharada
""",
    "fr": """
Le premier thé vert de la saison est arrivé, il a le goût du printemps
Passez au port et goûtez une tasse avant de vous décider
Cueilli à la main sur une pente qui regarde la mer et les bateaux
Dans chaque tasse il y a une minute de calme, ici un peu plus
Une boîte qui garde les feuilles fraîches jusqu'à la dernière cuillère
""",
    "it": """
Il primo tè verde della stagione è arrivato e sa di primavera
Passa al porto e prova una tazza prima di decidere
Raccolto a mano su un pendio che guarda il mare e le barche
In ogni tazza c'è un minuto di calma, in questa un po' di più
Una scatola che mantiene le foglie fresche fino all'ultimo cucchiaio
""",
    "pt": """
O primeiro chá verde da estação já chegou e sabe a primavera
Passe pelo porto e prove uma chávena antes de se decidir
Colhido à mão numa encosta que olha para o mar e para os barcos
Em cada chávena há um minuto de calma, e nesta um pouco mais
Uma lata que mantém as folhas frescas até à última colher
""",
    "nl": """
De eerste groene thee van het seizoen is er en smaakt naar het voorjaar
Kom langs in de haven en proef een kop voor je een keuze maakt
Met de hand geplukt op een helling die over het water uitkijkt
In elke kop zit een rustige minuut, en in deze nog iets meer
Een blik dat de blaadjes vers houdt tot en met de laatste lepel
""",
    "zh-CN": """
今年的第一抹绿已经到店，喝起来就是春天的味道
路过港口的时候，进来喝一杯，再决定要不要带走
手工采摘，茶园朝着海面，当天夜里就烘干
每一杯里都有安静的片刻，这一杯里更多一些
小小的铁罐，把茶叶的清香一直留到最后一勺
""",
    "ja": """
今年はじめての緑茶ができました。春の味がします
港にお立ち寄りの際は、まず一杯お試しください
海を見おろす斜面で、ひとつずつ手で摘みました
どの一杯にも静かな時間があります。これには少し多めに
最後のひとさじまで、葉の香りを守る小さな缶です
""",
    "ar": """
وصل أول شاي أخضر في السنة وطعمه من طعم الربيع
مرّ بنا عند الميناء وجرّب كوبًا قبل أن تقرر
قُطف باليد على منحدر يطل على البحر والقوارب
في كل كوب دقيقة من الهدوء وفي هذا الكوب أكثر قليلًا
علبة تحفظ الأوراق طازجة حتى آخر ملعقة منها
""",
    "ko": """
올해의 첫 녹차가 나왔습니다. 봄의 맛을 느껴 보세요
항구에 들러 한 잔 드셔 보시고 천천히 고르세요
바다를 내려다보는 언덕에서 손으로 땄습니다
한 잔마다 조용한 시간이 들어 있습니다. 이 잔에는 조금 더
마지막 한 숟갈까지 잎의 향을 지켜 주는 작은 통입니다
""",
    "ru": """
Первый зелёный чай этого года уже здесь, и вкус у него весенний
Загляните в гавань и попробуйте чашку, прежде чем решить
Собран вручную на склоне, который смотрит на море и лодки
В каждой чашке есть минута покоя, а в этой немного больше
Банка хранит листья свежими до самой последней ложки
""",
}
ORDERED = ("en", "de", "es", "zh-CN", "ja", "ar")
WRONG = {"language.wrong_script", "language.wrong_language"}
CASES = [
    (written, ordered, line)
    for written, lines in LINES.items()
    for line in lines.strip().splitlines()
    for ordered in ORDERED
]


def test_lines_of_another_language_are_blocked() -> None:
    foreign = [case for case in CASES if case[0] != case[1]]
    missed = [
        case
        for case in foreign
        if not WRONG & blocking_codes(findings_of(case[2], locale=case[1]))
    ]
    assert len(foreign) == 330
    assert len(missed) <= 0.02 * len(foreign), missed


@pytest.mark.parametrize("ordered", ORDERED)
def test_lines_of_the_right_language_pass(ordered: str) -> None:
    own = [line for written, _, line in CASES if written == ordered]
    assert own
    for line in own:
        assert not WRONG & {found.code for found in findings_of(line, locale=ordered)}, line


@pytest.mark.parametrize(
    "text", ["Tea", "Steam, pour, laugh, pour again.", "Kaffee", "OK", "Menu Express", ""]
)
def test_a_few_words_are_never_sure(text: str) -> None:
    assert language_of(text) in {"", "en"}
