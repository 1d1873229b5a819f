"""Clients of Paho Python, driven by JSON lines: a request on standard input, its answer and what arrives on standard output.

A request is {"client": name, "do": what, ...}; the answer is {"client": name, "answer": what, ...}, and each message of a
subscription {"client": name, "message": {...}}.
"""

import json
import os
import socket
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

LEVELS = {"3.1": mqtt.MQTTv31, "3.1.1": mqtt.MQTTv311, "5": mqtt.MQTTv5}
output = threading.Lock()


def say(client, **what):
    with output:
        print(json.dumps({"client": client, **what}), flush=True)


def plain(value):
    """A value of Paho's as JSON has it: reason codes are numbers."""
    return value if isinstance(value, int) else value.value


def properties_of(packet, values):
    if not values:
        return None
    properties = Properties(packet)
    for name, value in values.items():
        if name == "CorrelationData":
            value = value.encode()
        elif name == "UserProperty":
            value = [tuple(pair) for pair in value]
        setattr(properties, name, value)
    return properties


def readable(properties):
    """By name; bytes are hexadecimal digits."""
    return {} if properties is None else properties.json()


class Peer:
    def __init__(self, name, version, transport, host, port, clean=True, client_id="", keep_alive=60, username=None,
                 password=None, ca=None, will=None, properties=None):
        self.name = name
        self.is_5 = version == "5"
        session = {} if self.is_5 else {"clean_session": clean}
        # Paho 2 wants to be told that the callbacks are those of Paho 1.
        if hasattr(mqtt, "CallbackAPIVersion"):
            session["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
        self.client = mqtt.Client(client_id=client_id, protocol=LEVELS[version], transport=transport, **session)
        # Paho connects again by itself; here that is the test's to say.
        self.client.reconnect_delay_set(3600, 3600)
        self.client.on_connect = self.connected
        self.client.on_disconnect = self.disconnected
        self.client.on_subscribe = self.subscribed
        self.client.on_message = self.received
        if username is not None:
            self.client.username_pw_set(username, password)
        if ca is not None:
            self.client.tls_set(ca_certs=ca)
        if will is not None:
            self.client.will_set(will["topic"], will["payload"], will["qos"], will["retain"])
        start = {"clean_start": clean, "properties": properties_of(PacketTypes.CONNECT, properties)} if self.is_5 else {}
        self.client.connect(host, port, keep_alive, **start)
        self.client.loop_start()

    def connected(self, client, userdata, flags, code, properties=None):
        say(self.name, answer="connect", code=plain(code), sessionPresent=bool(flags["session present"]),
            properties=readable(properties))

    def disconnected(self, client, userdata, code, properties=None):
        say(self.name, answer="disconnected", code=plain(code))

    def subscribed(self, client, userdata, packet_id, granted, properties=None):
        say(self.name, answer="subscribe", granted=[plain(code) for code in granted])

    def received(self, client, userdata, message):
        say(self.name, message={
            "topic": message.topic,
            "payload": message.payload.decode(),
            "qos": message.qos,
            "retain": bool(message.retain),
            "properties": readable(getattr(message, "properties", None)),
        })

    def subscribe(self, filter, qos, properties=None):
        if self.is_5:
            options = SubscribeOptions(qos=qos)
            self.client.subscribe(filter, options=options, properties=properties_of(PacketTypes.SUBSCRIBE, properties))
        else:
            self.client.subscribe(filter, qos)

    def publish(self, topic, payload, qos, retain=False, properties=None):
        more = {"properties": properties_of(PacketTypes.PUBLISH, properties)} if self.is_5 else {}
        self.client.publish(topic, payload, qos, retain, **more).wait_for_publish()
        say(self.name, answer="publish")

    def disconnect(self):
        self.client.disconnect()
        self.client.loop_stop()

    def cut(self):
        """The connection ends without DISCONNECT."""
        socket.socket(fileno=os.dup(self.client.socket().fileno())).shutdown(socket.SHUT_RDWR)
        say(self.name, answer="cut")


peers = {}
for line in sys.stdin:
    request = json.loads(line)
    name = request.pop("client")
    action = request.pop("do")
    if action == "connect":
        peers[name] = Peer(name, **request)
    else:
        getattr(peers[name], action)(**request)
