"""The words for what a text can say: groups, and the classes within them. One word, one meaning, everywhere."""

from __future__ import annotations

SIGNS = (
    *("mosque", "church", "kremlin_fortress", "tower_minaret", "palace_historic", "station_port", "bridge_river"),
    *("monument", "ornament_script", "dress", "food", "holiday_rite", "nature", "industry_tech", "state_symbol"),
    "animal_myth",
)
"""Classes of sign: what a place and its people are recognised by."""
HISTORIC = (
    "mosque",
    "church",
    "kremlin_fortress",
    "tower_minaret",
    "palace_historic",
    "monument",
    "ornament_script",
    "dress",
)
"""Signs that carry the past: in a futuristic frame they make the dissonance that the seed of the project speaks of."""
STYLES = ("futuristic", "neon_cyberpunk", "ai_made", "retro", "trend")
"""Classes of style: how a picture is made and what it looks like."""
FOREIGN_FRAMES = ("futuristic", "neon_cyberpunk", "ai_made", "trend")
"""Styles of a global visual language; retro is none."""
TOLD_STYLES = ("futuristic", "neon_cyberpunk", "ai_made", "retro")
"""Styles that ``explain --json`` reports as such; format trends are a feature only."""
EMOTIONS = ("pride", "awe", "joy", "love", "surprise", "nostalgia", "humour", "anger", "fear", "sadness")
"""Emotions that a text expresses."""
WARM = ("pride", "awe", "joy", "love", "surprise")
"""Emotions that praise; irony turns them into anger."""
IDENTITIES = ("we_home", "people_group", "own_language", "appeal", "heritage", "belonging")
"""Ways in which a text speaks of belonging."""
GROUPS = ("place", "foreign", "sign", "style", "emotion", "identity", "person")
"""Groups of spans in a reading."""
LANGUAGES = ("ru", "tt", "ba", "en")
"""Languages that are told apart and read."""
OTHER_LANGUAGE = "other"
"""A text in a script that is not read: what it says is not available, not absent."""
