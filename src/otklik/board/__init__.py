"""The board: a live page of followed posts on this machine, which only reads."""

from otklik.board.gather import Gatherer, Source
from otklik.board.reading import open_readonly
from otklik.board.server import Board, application, listening, serve
from otklik.board.state import State

__all__ = ["Board", "Gatherer", "Source", "State", "application", "listening", "open_readonly", "serve"]
