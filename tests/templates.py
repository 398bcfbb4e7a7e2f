"""Finds every sentence that the program can say, by reading its source."""

from __future__ import annotations

import ast
from pathlib import Path

SRC = Path(__file__).parents[1] / "src" / "otklik"
ERRORS = {
    "ConfigurationError", "DataError", "StorageError", "TransientError", "QuotaExhausted", "ItemUnavailable",
}  # fmt: skip
SAYERS = ERRORS | {"_", "t", "Note"}
# Words that reach a person as values: table heads, rules, groups, reasons. Listed where the code keeps them.
NAMED = {
    "cli/render_forecast.py": {"GROUPS", "templates"},
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
    "scoring.py": {"text"},
    "cli/explain.py": {"HEADS"},
    "content/agreement.py": {"GROUPS"},
    "content/explanation.py": {"NO_TEXT", "NOT_READ"},
    "content/formula.py": {"SCORES"},
    "report/explained_text.py": {"GROUP_NAMES"},
    "ablation.py": {"BASIC", "ALL"},
}
PLAIN = {
    "{n} posts": "the doctest of language.t",
    "a value is needed here": "dataset/rows.py",
    "posts of Karelian communities on VK, 2017-2023": "content/reference.json",
    "it is not UTF-8 text": "explaining.py",
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
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                if node.targets[0].id in NAMED.get(name, ()):
                    texts = _values(node.value)
            elif name == "dataset/rows.py" and isinstance(node, ast.Assign):
                # Reasons are put into arrays of them.
                texts = [text for text in _values(node.value) if " " in text]
            found |= {text: name for text in texts if _is_sentence(text)}
    return found
