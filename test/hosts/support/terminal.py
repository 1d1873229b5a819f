"""Runs the command of sys.argv[1:] in a terminal of its own, prints what it prints there, and closes the terminal on SIGUSR1."""

import os
import pty
import signal
import sys

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])


def close(*_):
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    print("ended by signal", os.WTERMSIG(status), flush=True)
    os._exit(0)


signal.signal(signal.SIGUSR1, close)
print("process", child, flush=True)
while True:
    try:
        sys.stdout.write(os.read(terminal, 4096).decode())
        sys.stdout.flush()
    except OSError:
        print("ended by itself", os.waitpid(child, 0)[1], flush=True)
        break
