"""Ready units for what machines already have: systemd, cron, GitHub Actions."""

from __future__ import annotations

import shlex
from pathlib import Path

from otklik.errors import ConfigurationError

KINDS = ("systemd", "cron", "github-actions")

_SYSTEMD = """\
# ~/.config/systemd/user/otklik.service
[Unit]
Description=otklik: one pass of the collectors
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={workspace}
# OTKLIK_YOUTUBE_KEY=... and OTKLIK_VK_TOKEN=..., readable by you alone (chmod 600)
EnvironmentFile={workspace_path}/secrets.env
ExecStart={otklik} collect --workspace {workspace}
# 75: nothing wrong that the next pass will not mend (quota used up, network away)
SuccessExitStatus=75
TimeoutStopSec=60

# ~/.config/systemd/user/otklik.timer
[Unit]
Description=otklik: every {minutes} minutes

[Timer]
OnCalendar=*:0/{minutes}
Persistent=true
AccuracySec=5s

[Install]
WantedBy=timers.target

# then: systemctl --user daemon-reload && systemctl --user enable --now otklik.timer
#       loginctl enable-linger  (so that it runs while you are logged out)
"""
_CRON = """\
# crontab -e; the keys stand in secrets.env, readable by you alone (chmod 600)
*/{minutes} * * * * cd {workspace} && set -a && . ./secrets.env && {otklik} collect >> collect.log 2>&1
"""
_ACTIONS = """\
# .github/workflows/collect.yml
# An honest remark: GitHub starts scheduled runs minutes to tens of minutes late, drops some when it is busy, and
# stops them after 60 days without a commit. The 24-hour labels survive that; the first hour's curve does not.
# The store must live outside the runner: OTKLIK_STORE is a PostgreSQL address.
name: collect
on:
  schedule:
    - cron: "*/{minutes} * * * *"
concurrency: collect
jobs:
  collect:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install "otklik[postgres]"
      - run: otklik collect
        env:
          OTKLIK_STORE: ${{{{ secrets.OTKLIK_STORE }}}}
          OTKLIK_YOUTUBE_KEY: ${{{{ secrets.OTKLIK_YOUTUBE_KEY }}}}
          OTKLIK_VK_TOKEN: ${{{{ secrets.OTKLIK_VK_TOKEN }}}}
"""
_TEXTS = {"systemd": _SYSTEMD, "cron": _CRON, "github-actions": _ACTIONS}


def unit(kind: str, otklik: Path, workspace: Path, minutes: int = 5) -> str:
    """The text of a unit that runs ``otklik collect`` every few minutes.

    Raises:
        ConfigurationError: for a kind that there is no text for, or minutes that do not divide an hour.

    >>> print(unit("cron", Path("/opt/otklik"), Path("/srv/my channel")).splitlines()[1][:45])
    */5 * * * * cd '/srv/my channel' && set -a &&
    """
    if kind not in KINDS:
        raise ConfigurationError("expected one of {kinds}, but got {kind!r}", kinds=", ".join(KINDS), kind=kind)
    if minutes not in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30):
        raise ConfigurationError("expected minutes that divide an hour, such as 5 or 10, but got {n}", n=minutes)
    place = str(workspace)
    quoted = shlex.quote(place) if kind == "cron" else f'"{place}"' if " " in place else place
    return _TEXTS[kind].format(otklik=shlex.quote(str(otklik)), workspace=quoted, workspace_path=place, minutes=minutes)
