"""« السَّاعَة الثَّامِنَة وَخَمْس دَقَائِق صَبَاحًا »: an ordinal hour, counted minutes, the part of the day.

Vowels are written, because the voice cannot guess them.
"""

_HOURS = (
    "الثَّانِيَةَ عَشْرَةَ", "الْوَاحِدَة", "الثَّانِيَة", "الثَّالِثَة", "الرَّابِعَة", "الْخَامِسَة", "السَّادِسَة", "السَّابِعَة", "الثَّامِنَة",
    "التَّاسِعَة", "الْعَاشِرَة", "الْحَادِيَةَ عَشْرَةَ",
)  # fmt: skip
# As they count a feminine noun (دقيقة).
_UNITS = ("", "إِحْدَى", "اثْنَتَان", "ثَلَاث", "أَرْبَع", "خَمْس", "سِتّ", "سَبْع", "ثَمَانِي", "تِسْع", "عَشْر")
_TEENS = (
    "إِحْدَى عَشْرَة", "اثْنَتَا عَشْرَة", "ثَلَاثَ عَشْرَة", "أَرْبَعَ عَشْرَة", "خَمْسَ عَشْرَة", "سِتَّ عَشْرَة", "سَبْعَ عَشْرَة", "ثَمَانِيَ عَشْرَة",
    "تِسْعَ عَشْرَة",
)  # fmt: skip
_TENS = ("", "", "عِشْرُون", "ثَلَاثُون", "أَرْبَعُون", "خَمْسُون")
_MINUTE, _MINUTES = "دَقِيقَة", "دَقَائِق"


def words(hour: int, minute: int) -> str:
    """Return the time on twelve hours, with the part of the day that tells both halves apart."""
    if hour == 0:
        return _joined("مُنْتَصَفَ اللَّيْل", minute)
    return f"{_joined(f'السَّاعَة {_HOURS[hour % 12]}', minute)} {_part(hour)}"


def _joined(hour: str, minute: int) -> str:
    return f"{hour} وَ{_minutes(minute)}" if minute else hour


def _minutes(minute: int) -> str:
    """One and two are the noun's own forms; three to ten take its plural, all others its singular."""
    tens, unit = divmod(minute, 10)
    if minute == 1:
        return f"{_MINUTE} وَاحِدَة"
    if minute == 2:
        return "دَقِيقَتَان"
    if minute <= 10:
        return f"{_UNITS[minute]} {_MINUTES}"
    if minute < 20:
        return f"{_TEENS[unit - 1]} {_MINUTE}"
    return f"{_UNITS[unit]} وَ{_TENS[tens]} {_MINUTE}" if unit else f"{_TENS[tens]} {_MINUTE}"


def _part(hour: int) -> str:
    if hour < 12:
        return "صَبَاحًا"
    if hour == 12:
        return "ظُهْرًا"
    return "بَعْدَ الظُّهْر" if hour < 18 else "مَسَاءً"
