"""Titles of short videos in Russian and English, and how far a reading is from them."""

from __future__ import annotations

RUSSIAN = (
    "КАЗАНЬ 2100",
    "Смотри до конца!",
    "Кул-Шариф в неоне",
    "А что если бы мы\nжили на Марсе?",
    "Башня Сююмбике",
    "Подпишись на канал",
    "Татарстан через сто лет",
    "Речной вокзал\nв 2077 году",
    "Нейросеть нарисовала\nмой город",
    "Как выглядит будущее",
    "Это наша Казань",
    "Набережные Челны",
    "Часть 2: Свияжск",
    "Моя бабушка\nне узнала двор",
    "ТЫ БЫ ТАК СМОГ?",
    "Пиши в комментариях",
    "Здесь был кинотеатр",
    "Город, которого нет",
    "Поезд до Иннополиса",
    "Дворец земледельцев\nночью",
    "Первый снег",
    "Чёрное озеро",
    "Улица Баумана",
    "Сколько стоит эта еда?",
)
ENGLISH = (
    "KAZAN FUTURE",
    "Watch until the end",
    "This is my city",
    "What if we lived\non Mars?",
    "Neon mosque",
    "Part 2",
    "CYBERPUNK 2077",
    "Follow for more",
    "The river at night",
    "Made with love",
    "Guess the place",
    "Welcome home",
)
STYLES = ("white", "outlined", "yellow", "cyan", "magenta", "black", "thin")


def distance(read: str, meant: str) -> int:
    """Levenshtein distance of letters: how many to put in, take out or change."""
    row = list(range(len(meant) + 1))
    for i, a in enumerate(read, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(meant, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def in_one_line(text: str) -> str:
    """The text as it is compared: one line, one space between words."""
    return " ".join(text.split())
