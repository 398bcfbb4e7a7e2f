"""Colours of the sheet: a dark and quiet ground, one accent, two quiet hues for pictures and for sound."""

from __future__ import annotations

GROUND = "#0f1217"
PANEL = "#161a22"
RULE = "#262c37"
"""Grid lines and the feet of lanes."""
THREAD = "#4a5464"
"""The axis itself and the threads from the pictures to it."""
BRIGHT = "#f1f3f6"
INK = "#c9d0da"
MUTED = "#98a2b1"
"""Inks for titles, for values and for what stands beside them: at least 4.5 to 1 on ground and panel."""
ACCENT = "#f4b740"
"""Amber, for the hook and for signs: what the eye should find first."""
ROLES = {"sign": ACCENT, "picture": "#8fb2dd", "sound": "#6fbfae", "quiet": MUTED}
"""Colour of each role of a lane."""
