"""Binds the datagram socket of sys.argv[1] and prints what arrives, a line for each assignment."""

import os
import socket
import sys

receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print("listening", flush=True)
while True:
    # systemd-notify waits until the descriptor that it sends last is closed.
    message, descriptors, _, _ = socket.recv_fds(receiver, 4096, 1)
    for descriptor in descriptors:
        os.close(descriptor)
    print(message.decode(), flush=True)
