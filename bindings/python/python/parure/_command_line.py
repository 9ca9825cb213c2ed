"""`parure` on the command line: the same program as the Rust one, in the same library as the module."""

import signal
import sys

from ._parure import command_line


def main() -> int:
    # The work is done outside the interpreter, whose own handler would wait for its end.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return command_line(["parure", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
