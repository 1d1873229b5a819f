"""
Runs the command of sys.argv[1:] in a terminal of its own, and prints what it prints there. SIGUSR1 closes the terminal;
SIGUSR2 then waits for the command and prints how it ended.
"""

import os
import pty
import signal
import sys

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])


def close(*_):
    os.close(terminal)
    print("terminal closed", flush=True)
    signal.sigwait({signal.SIGUSR2})
    _, status = os.waitpid(child, 0)
    print("ended by signal", os.WTERMSIG(status), flush=True)
    os._exit(0)


signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
signal.signal(signal.SIGUSR1, close)
print("process", child, flush=True)
while True:
    try:
        sys.stdout.write(os.read(terminal, 4096).decode())
        sys.stdout.flush()
    except OSError:
        print("ended by itself", os.waitpid(child, 0)[1], flush=True)
        break
