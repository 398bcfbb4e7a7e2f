"""Alerts: where followed posts stand beside their author's usual, rules about it, and messages that reach a person."""

from otklik.alerts.channels import Channel, deliver
from otklik.alerts.memory import Memory, Pending
from otklik.alerts.message import Message, plain
from otklik.alerts.readings import Overdue, Reading, read_overdue, read_standing
from otklik.alerts.rules import FILE, SAMPLE, Rule, Rules, read_rules
from otklik.alerts.standing import Standing, Usual, Watched, standings

__all__ = [
    "FILE",
    "SAMPLE",
    "Channel",
    "Memory",
    "Message",
    "Overdue",
    "Pending",
    "Reading",
    "Rule",
    "Rules",
    "Standing",
    "Usual",
    "Watched",
    "deliver",
    "plain",
    "read_overdue",
    "read_rules",
    "read_standing",
    "standings",
]
