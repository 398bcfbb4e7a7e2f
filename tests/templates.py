"""Finds every sentence that the program can say, by reading its source."""

from __future__ import annotations

import ast
from pathlib import Path

SRC = Path(__file__).parents[1] / "src" / "otklik"
ERRORS = {
    "ConfigurationError", "DataError", "StorageError", "TransientError", "QuotaExhausted", "ItemUnavailable",
}  # fmt: skip
SAYERS = ERRORS | {"_", "t", "Note", "Remark", "Cue"}
# Words that reach a person as values: table heads, rules, groups, reasons. Listed where the code keeps them.
NAMED = {
    "report/score_page_words.py": {"GROUPS", "USUAL", "RULES"},
    "report/score_page.py": {"COMPUTED"},
    "report/figure_whatif.py": {"names"},
    "advising/remarks.py": {"_NOT_CALIBRATED", "_FEW", "_COUNTED", "_NO_CAUSE", "_COVER", "_VIDEO", "_RULES", "ALONE"},
    "cli/render_advice.py": {"LEADS", "FIELDS", "text"},
    "exporting/columns.py": {
        *("_IDS", "_POST", "_SNAPSHOT", "_FEATURE", "_EVALUATION", "_SOURCES", "_MISSING"),
        *("TEXT", "TIME", "FLAG", "COUNT", "SECONDS"),
    },
    "exporting/recipes.py": {"STORE"},
    "exporting/sheet.py": {"text", "template"},
    "exporting/as_xlsx.py": {"HEADS", "TITLES"},
    "report/shown_forecast.py": {"USUAL", "text", "template"},
    "report/shown_evaluation.py": {"MODEL_HEADS", "STRATUM_HEADS", "LEGEND"},
    **{
        f"teardown/{name}.py": {"text"}
        for name in ("signs", "counters", "story", "rivals", "measures", "limits", "build", "usual")
    },
    "report/teardown_words.py": {
        *("COUNTER_WORDS", "CHECK_WORDS", "RIVAL_WORDS", "STANCE_WORDS", "CHANGE_WORDS", "PART_WORDS"),
    },
    "report/teardown_text.py": {"text", "templates"},
    "report/teardown_parts.py": {"text", "templates", "heads"},
    "report/teardown_page.py": {"EXAMPLE_NOTE"},
    "board/words.py": {"PLACES", "KINDS"},
    "board/health.py": {"HEADS", "QUOTA_HEADS"},
    "board/page.py": {"METHODS"},
    "board/rows.py": {"UNFORECAST"},
    "alerts/readings.py": {"UNITS"},
    "report/survey_words.py": {"TARGETS", "SCORE_WORDS", "FAMILY_WORDS", "CLUSTER_WORDS", "PATTERN", "SHRUNKEN"},
    "report/corpus_page_parts.py": {"names", "text", "NO_HIT"},
    "report/author_page.py": {"names"},
    "report/figure_hours.py": {"names"},
    "report/model_page_parts.py": {"names", "text", "STRATA", "TARGETS"},
    "cli/render_report.py": {"text"},
    "workflows.py": {"MUST_NOT"},
    "cli/render_track_record.py": {"text", "HEADS", "GROUPS", "CHANCES", "MISSED", "NAMES", "STATES", "VERDICTS"},
    "cli/train.py": {"HEADS", "TASKS", "OUTCOMES", "DRAWN"},
    "cli/render_evaluation.py": {"names"},
    "cli/status.py": {"names"},
    "collect/vk/client.py": {"_NEEDS_USER"},
    "cli/doctor.py": {"names", "heads", "STATES", "CHECKS"},
    "cli/plan.py": {"names"},
    "cli/purge.py": {"DONE"},
    "cli/track.py": {"names", "KINDS", "OUTCOMES", "FOLLOWED"},
    "tracking/health.py": {"NO_COUNTER", "NO_LATER", "NO_EARLIER", "TOO_WIDE"},
    "dataset/cohorts.py": {"steps"},
    "dataset/rows.py": {"_NO_ZONE", "_NO_TIME"},
    "models/remarks.py": {"text", "_SEES_FILES", "_SEES_NO_FILES"},
    "cli/explain.py": {"HEADS"},
    "content/agreement.py": {"GROUPS"},
    "content/explanation.py": {"NO_TEXT", "NOT_READ"},
    "content/formula.py": {"SCORES"},
    "report/explained_text.py": {"GROUP_NAMES"},
    "ablation.py": {"BASIC", "ALL"},
    "looking.py": {"NO_STORE", "NO_SOUND", "NO_SPEECH", "NO_WORDS_SAID"},
    "cli/sounds.py": {"HEADS", "KINDS", "OUTCOMES", "text"},
    "cli/symbols.py": {"HEADS", "LISTED"},
    "media/chromaprint.py": {"MISSING"},
    "media/faces.py": {"NO_DETECTOR", "NO_FRAME"},
    "media/fingerprint.py": {"TOO_SHORT", "SILENT", "A_TONE"},
    "media/guard.py": {"CHANGED"},
    "media/hearing.py": {"NO_REST", "NOTHING_BEGINS", "FEW_PROXIES"},
    "media/imagenet.py": {"MISSING", "DAMAGED"},
    "media/loudness.py": {"TOO_SHORT", "TOO_SHORT_FOR_RANGE", "SILENT"},
    "media/overlay.py": {"NOT_INSTALLED", "LACKS", "NOT_ALL", "NOT_ASKED", "NO_FRAME"},
    "media/prompts.py": {"INSTALL"},
    "media/reuse.py": {
        "SOUNDLESS",
        "NO_SOUNDS",
        "MATCHES",
        "MATCHES_CHANGED",
        "OWN",
        "OWN_CHANGED",
        "NO_MATCH",
        "NOT_CHECKED",
    },
    "media/rhythm.py": {"TOO_SHORT", "TOO_SHORT_FOR_TEMPO", "NO_BEAT"},
    "media/sound_library.py": {"NO_SOUND", "NOT_USABLE"},
    "media/symbol_learning.py": {"TWICE", "NO_PICTURE"},
    "media/symbol_probe.py": {"DAMAGED"},
    "media/symbols.py": {"NO_PICTURES"},
    "media/voices.py": {"TOO_SHORT", "NOT_INSTALLED", "FAILED", "NO_SPEECH", "NO_MUSIC"},
    "cli/render_experiment.py": {
        *("NAMES", "HEADS", "LISTED", "POWER", "SPREAD", "SIZES", "DRAWN", "LINKED", "VERDICTS", "DRAWS"),
    },
    "report/trial_words.py": {
        *("VERDICT_WORDS", "OUTCOME_WORDS", "RUNG_WORDS", "TARGET_WORDS", "TRIED_WORDS", "CAVEAT", "STORE"),
    },
    "report/trial_page.py": {"METHODS"},
    "cli/render_evidence.py": {"HEADS"},
    "evidence/trial.py": {"DECIDED", "UNMEASURED"},
    "experiments/outcomes.py": {"TOO_YOUNG", "GONE", "NO_COUNTER", "NO_LOOK", "NOT_STORED"},
    "experiments/result.py": {"NOT_LINKED"},
    "report/look_rows.py": {"NAMES", "kinds", "shares"},
    "report/look_sheet.py": {"VOICES"},
}
PLAIN = {
    "evaluation": "exporting/recipes.py",
    "{n} posts": "the doctest of language.t",
    "a value is needed here": "dataset/rows.py",
    "posts of Karelian communities on VK, 2017-2023": "content/reference.json",
    "it is not UTF-8 text": "explaining.py",
    **dict.fromkeys(
        ("Invalid data found when processing input", "No such file or directory", "Permission denied"),
        "what FFmpeg and the system say",
    ),
    **dict.fromkeys(
        ("no label for the target", "no text that can be read, and no file that was looked at"), "evidence/frame.py"
    ),
    "feature known before publication": "evidence/exposure.py",
    "expected sign": "evidence/claims.py",
    "content credentials, signature not verified": "media/provenance.py",
    **dict.fromkeys(("that text says", "the speech says"), "report/look_rows.py"),
    **dict.fromkeys(("a list of words", "true or false"), "content/agreement.py"),
    **dict.fromkeys(("short", "video", "clip", "live", "post"), "records.py"),
}
"""Sentences and words that no rule below finds."""


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def _is_sentence(text: str) -> bool:
    return any(char.isalpha() for char in text)


def _values(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Dict):
        return [text for value in node.values if (text := _text(value))]
    if isinstance(node, ast.Tuple | ast.List):
        items = [item.elts[0] if isinstance(item, ast.Tuple) else item for item in node.elts]
        return [text for item in items if (text := _text(item))]
    return [text] if (text := _text(node)) else []


def templates() -> dict[str, str]:
    """Every English template in the source, with a file that says it."""
    found: dict[str, str] = dict(PLAIN)
    for path in sorted(SRC.rglob("*.py")):
        name = path.relative_to(SRC).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            texts: list[str] = []
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if called in SAYERS and node.args:
                    texts = _values(node.args[0])
                if called == "refuse":
                    texts = _values(node.args[2])
            elif isinstance(node, ast.Yield) and name == "report/look_rows.py" and node.value is not None:
                texts = _values(ast.List([node.value]))  # a label and what it stands before
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                if node.target.id in NAMED.get(name, ()):
                    texts = _values(node.value)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                if node.targets[0].id in NAMED.get(name, ()):
                    texts = _values(node.value)
            elif name == "dataset/rows.py" and isinstance(node, ast.Assign):
                # Reasons are put into arrays of them.
                texts = [text for text in _values(node.value) if " " in text]
            found |= {text: name for text in texts if _is_sentence(text)}
    return found
