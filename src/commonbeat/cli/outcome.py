"""How a command ends: its exit code, and an error told plainly on standard error."""

from __future__ import annotations

import os
import sys

from commonbeat.errors import CommonBeatError

STOPPED = 130  # 128 and the number of the signal, as shells have it
PIPE_CLOSED = 141


def exit_code_of(arguments: list[str]) -> int:
    """The exit code of the command; an error that was raised on purpose is told without a traceback."""
    from commonbeat.cli.commands import app
    from commonbeat.workflows.kernel_cache import prepare_kernel_cache

    prepare_kernel_cache()
    try:
        app(arguments, result_action="return_value")
        sys.stdout.flush()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    except CommonBeatError as error:
        return tell(str(error), error.exit_code)
    except KeyboardInterrupt:
        return tell("Stopped.", STOPPED)
    except BrokenPipeError:
        # Whoever read our output has closed it, as `head` does; Python would complain once more at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return tell(f"{where}{error.strerror or error}", 1)
    return 0


def tell(message: str, exit_code: int) -> int:
    """The message stands on standard error; returned is the exit code."""
    sys.stderr.write(f"{message}\n")
    return exit_code
