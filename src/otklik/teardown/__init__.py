"""Teardown: a published post taken apart, from whether its counters can be trusted to what nobody knows."""

from otklik.teardown.build import split_post, tear_down
from otklik.teardown.example import EXAMPLE, EXAMPLE_AT, write_example
from otklik.teardown.values import Teardown

__all__ = ["EXAMPLE", "EXAMPLE_AT", "Teardown", "split_post", "tear_down", "write_example"]
