"""Asks this kernel's IPVS for everything there is to ask, as whoever runs it, and prints the errno of each answer as JSON.

netlink: a request for each command of the generic netlink family (linux/ip_vs.h, IPVS_CMD_*), "do" without and "dump" with
NLM_F_DUMP. setsockopt, getsockopt: each option of the older interface (IP_VS_SO_SET_*, IP_VS_SO_GET_*). 0 is success.

Python, since Node has no netlink socket, and the addon sends no more than it should.
"""
import errno
import json
import socket
import struct

NETLINK_GENERIC, GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 16, 3
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 1, 2
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
IP_VS_BASE_CTL = 64 + 1024 + 64


def ask(kind, flags, command, attributes=b""):
    """The first message that answers, as (kind, payload), from a socket of its own."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC) as netlink:
        netlink.settimeout(10)
        payload = struct.pack("BBH", command, 1, 0) + attributes
        netlink.send(struct.pack("=IHHII", 16 + len(payload), kind, NLM_F_REQUEST | flags, 1, 0) + payload)
        answer = netlink.recv(65536)
        return struct.unpack_from("=IHHII", answer)[1], answer[16:]


def status(kind, payload):
    """Of an answer: what it refuses with, or 0 when it is data or an acknowledgement."""
    if kind not in (NLMSG_ERROR, NLMSG_DONE) or len(payload) < 4:
        return 0
    return -struct.unpack_from("=i", payload)[0]


def family(name):
    text = name.encode() + b"\0"
    text = struct.pack("=HH", 4 + len(text), CTRL_ATTR_FAMILY_NAME) + text + b"\0" * (-len(text) % 4)
    kind, payload = ask(GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, text)
    if status(kind, payload) != 0:
        raise OSError(status(kind, payload), "no such family")
    at = 4
    while at + 4 <= len(payload):
        length, attribute = struct.unpack_from("=HH", payload, at)
        if attribute == CTRL_ATTR_FAMILY_ID:
            return struct.unpack_from("=H", payload, at + 4)[0]
        at += (length + 3) & ~3
    raise OSError(errno.ENOENT, "the family has no number")


def option(call, number):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        try:
            getattr(udp, call)(socket.IPPROTO_IP, number, *([b"\0" * 64] if call == "setsockopt" else [64]))
            return 0
        except OSError as error:
            return error.errno


ipvs = family("IPVS")
print(
    json.dumps(
        {
            "do": {command: status(*ask(ipvs, NLM_F_ACK, command)) for command in range(1, 18)},
            "dump": {command: status(*ask(ipvs, NLM_F_DUMP, command)) for command in range(1, 18)},
            "setsockopt": {number: option("setsockopt", IP_VS_BASE_CTL + number) for number in range(1, 16)},
            "getsockopt": {number: option("getsockopt", IP_VS_BASE_CTL + number) for number in range(0, 8)},
        }
    )
)
