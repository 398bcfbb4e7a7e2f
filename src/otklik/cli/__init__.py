"""The command line: one file a verb, each parsing, calling a workflow and printing. Nothing heavy is imported here."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry of the ``otklik`` command."""
    from otklik.cli import session
    from otklik.errors import OtklikError

    arguments = session.start(sys.argv[1:])
    try:
        from otklik.cli.app import build

        build()(args=arguments, prog_name="otklik")
    except OtklikError as error:
        session.fail(error)
    except BrokenPipeError:
        # The reader (head, less) has gone: that is no fault, and the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        if session.debug:
            session.trace(error)
        session.crash(error)
