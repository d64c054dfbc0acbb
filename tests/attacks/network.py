"""Attacks over a network, which here is only this machine: every way out is stopped where this one is."""

from attack import strike

NETWORK = (
    strike("tcp", "connects to a port",
           "import socket\n\nsocket.create_connection(('127.0.0.1', $tcp), 1).send(b'x')\nreturn -1.0"),
    strike("tcp_fast_open", "sends data along with the first packet, without a connect",
           "import socket\n\nsocket.socket().sendto(b'x', 0x20000000, ('127.0.0.1', $tcp))\nreturn -1.0"),
    strike("udp", "sends a packet", "import socket\n\n"
           "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', $udp))\nreturn -1.0"),
    strike("udp_by_ipv6", "sends a packet by a mapped address", "import socket\n\n"
           "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'x', ('::ffff:127.0.0.1', $udp))\nreturn -1.0"),
    strike("unix_socket", "connects to a socket in the file system",
           "import socket\n\nsocket.socket(socket.AF_UNIX).connect('$unix')\nreturn -1.0"),
    strike("abstract_socket", "connects to a socket that has no file",
           "import socket\n\nsocket.socket(socket.AF_UNIX).connect('\\0$abstract')\nreturn -1.0"),
    strike("socket_by_number", "makes a socket by the system call alone",
           """
           import ctypes
           import socket

           descriptor = syscall("socket", socket.AF_INET, socket.SOCK_DGRAM, 0)
           socket.socket(fileno=descriptor).sendto(b"x", ("127.0.0.1", $udp))
           return -1.0
           """),
    strike("url", "fetches a page", "import urllib.request\n\n"
           "urllib.request.urlopen('http://127.0.0.1:$tcp/', timeout=0.2).read()\nreturn -1.0"),
    strike("vsock", "makes a socket to the machine outside of this virtual one",
           "import socket\n\nsocket.socket(40, socket.SOCK_STREAM)\ngot('vsock')"),
    strike("netlink", "makes a socket to the kernel", "import socket\n\n"
           "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0))\ngot('netlink')"),
    strike("packet_socket", "makes a socket for raw packets",
           "import socket\n\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)\ngot('raw packets')"),
    strike("crypto_socket", "makes a socket to the kernel's ciphers",
           "import socket\n\nsocket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)\ngot('ciphers')"),
    strike("listens", "waits for others to connect", "import socket\n\n"
           "listener = socket.socket()\nlistener.bind(('127.0.0.1', 0))\nlistener.listen()\ngot('a port')"),
)  # fmt: skip
