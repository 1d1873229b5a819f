import { type Specification, statements } from "./statement.ts";

const TABLE = `
1.5.3-1 | both | Text is well-formed UTF-8 and has no surrogates; otherwise the connection is closed.
1.5.3-2 | both | Text has no U+0000; otherwise the connection is closed.
1.5.3-3 | both | U+FEFF in a text is a character like others and is not taken away.
2.2.2-1 | both | Reserved flags of the fixed header have the value that the table gives.
2.2.2-2 | both | Other flags end the connection.
2.3.1-1 | both | SUBSCRIBE, UNSUBSCRIBE and PUBLISH of QoS 1 and 2 have a packet identifier that is not 0.
2.3.1-2 | client | A new packet of the client has a packet identifier that is not in use.
2.3.1-3 | client | A packet that is sent again keeps its packet identifier.
2.3.1-4 | server | The same holds for a PUBLISH of the server.
2.3.1-5 | both | A PUBLISH of QoS 0 has no packet identifier.
2.3.1-6 | both | PUBACK, PUBREC and PUBREL have the packet identifier of their PUBLISH.
2.3.1-7 | server | SUBACK and UNSUBACK have the packet identifier of what they answer.
3.1.0-1 | client | The first packet of a connection is CONNECT.
3.1.0-2 | server | A second CONNECT ends the connection.
3.1.2-1 | server | Another protocol name may end the connection; it is not handled as this version.
3.1.2-2 | server | An unknown protocol level gets return code 1 and ends the connection.
3.1.2-3 | server | The reserved flag of CONNECT must be 0; otherwise the connection is closed.
3.1.2-4 | server | Clean Session 0 goes on with the session, or begins one; it is kept after the connection.
3.1.2-5 | server | QoS 1 and 2 messages for such a session are kept while its client is away.
3.1.2-6 | server | Clean Session 1 discards the session that there is; the new one ends with its connection.
3.1.2-7 | server | Retained messages are not part of a session and stay when it ends.
3.1.2-8 | server | The will is kept with the connection and published when that ends, unless DISCONNECT took it back.
3.1.2-9 | client | With the Will Flag, QoS and RETAIN of the will count, and its topic and payload are there.
3.1.2-10 | server | A will that was published or taken back is removed.
3.1.2-11 | client | Without the Will Flag, QoS and RETAIN of the will are 0 and it has no topic and payload.
3.1.2-12 | server | Without the Will Flag, no will is published.
3.1.2-13 | client | Without the Will Flag, the will's QoS is 0.
3.1.2-14 | client | The will's QoS is not 3.
3.1.2-15 | client | Without the Will Flag, the will's RETAIN is 0.
3.1.2-16 | server | A will without RETAIN is published as a message that is not retained.
3.1.2-17 | server | A will with RETAIN is published as a retained message.
3.1.2-18 | client | Without its flag, there is no user name.
3.1.2-19 | client | With its flag, there is a user name.
3.1.2-20 | client | Without its flag, there is no password.
3.1.2-21 | client | With its flag, there is a password.
3.1.2-22 | client | Without a user name there is no password.
3.1.2-23 | client | A client with a Keep Alive sends PINGREQ when it sends nothing else in that time.
3.1.2-24 | server | A client that sends nothing for one and a half times its Keep Alive is disconnected.
3.1.3-1 | client | The fields of CONNECT's payload stand in their order.
3.1.3-2 | server | The client identifier names the session.
3.1.3-3 | client | The client identifier is there, and first.
3.1.3-4 | client | The client identifier is valid text.
3.1.3-5 | server | Client identifiers of 1 to 23 letters and digits are accepted.
3.1.3-6 | server | An empty client identifier may be accepted; then the server gives one that is not in use.
3.1.3-7 | client | A client with an empty client identifier sets Clean Session.
3.1.3-8 | server | An empty client identifier with Clean Session 0 gets return code 2 and ends the connection.
3.1.3-9 | server | A client identifier that is refused gets return code 2 and ends the connection.
3.1.3-10 | client | The will's topic is valid text.
3.1.3-11 | client | The user name is valid text.
3.1.4-1 | server | A CONNECT that does not have the form of section 3.1 ends the connection without CONNACK.
3.1.4-2 | server | A client that is connected already is disconnected for the new one.
3.1.4-3 | server | Clean Session is carried out.
3.1.4-4 | server | An accepted CONNECT is answered with CONNACK 0.
3.1.4-5 | server | What follows a refused CONNECT is not handled.
3.2.0-1 | server | The server's first packet is CONNACK.
3.2.2-1 | server | After Clean Session 1, Session Present is 0.
3.2.2-2 | server | After Clean Session 0, Session Present is 1 if there is a session.
3.2.2-3 | server | After Clean Session 0, Session Present is 0 if there is none.
3.2.2-4 | server | With a return code other than 0, Session Present is 0.
3.2.2-5 | server | After a return code other than 0, the server closes the connection.
3.2.2-6 | server | Where no return code fits, the server closes the connection without CONNACK.
3.3.1-1 | both | DUP is 1 when a PUBLISH is sent again.
3.3.1-2 | both | DUP is 0 at QoS 0.
3.3.1-3 | server | DUP of a forwarded message says only whether that delivery is a repetition.
3.3.1-4 | both | A PUBLISH does not have QoS 3; otherwise the connection is closed.
3.3.1-5 | server | A message with RETAIN is kept with its QoS for later subscribers.
3.3.1-6 | server | A new subscription is sent the last retained message of each topic that matches.
3.3.1-7 | server | A message of QoS 0 with RETAIN replaces what was retained for its topic.
3.3.1-8 | server | What is sent because of a new subscription has RETAIN 1.
3.3.1-9 | server | What is sent because of an existing subscription has RETAIN 0.
3.3.1-10 | server | A message with RETAIN and no payload is delivered and removes the retained one.
3.3.1-11 | server | One without payload is not kept as a retained message.
3.3.1-12 | server | A message without RETAIN is not kept as a retained one and removes none.
3.3.2-1 | both | The topic name comes first in PUBLISH and is valid text.
3.3.2-2 | both | A topic name has no wildcards.
3.3.2-3 | server | The topic name that is sent matches the subscription's filter.
3.3.4-1 | both | A PUBLISH is answered as its QoS demands.
3.3.5-1 | server | Overlapping subscriptions deliver with the highest QoS among them.
3.3.5-2 | server | A PUBLISH that is not allowed is acknowledged all the same, or ends the connection.
3.6.1-1 | both | The flags of PUBREL are 0010; others end the connection.
3.8.1-1 | server | The flags of SUBSCRIBE are 0010; others end the connection.
3.8.3-1 | client | Topic filters are valid text.
3.8.3-2 | server | Filters with wildcards are supported, or refused.
3.8.3-3 | client | SUBSCRIBE has at least one topic filter with its QoS.
3-8.3-4 | server | A SUBSCRIBE with reserved bits or QoS 3 ends the connection.
3.8.4-1 | server | SUBSCRIBE is answered with SUBACK.
3.8.4-2 | server | SUBACK has the packet identifier of its SUBSCRIBE.
3.8.4-3 | server | A subscription to the same filter replaces the one that there is; retained messages are sent anew, and no message is lost by it.
3.8.4-4 | server | Several filters are handled as that many SUBSCRIBE packets, with one answer.
3.8.4-5 | server | SUBACK has a return code for each filter.
3.8.4-6 | server | It says the QoS that is granted; a message is sent with the lower of its own QoS and that.
3.9.3-1 | server | The return codes of SUBACK stand in the order of the filters.
3.9.3-2 | server | SUBACK has no return codes but 0, 1, 2 and 0x80.
3.10.1-1 | server | The flags of UNSUBSCRIBE are 0010; others end the connection.
3.10.3-1 | client | The topic filters of UNSUBSCRIBE are valid text.
3.10.3-2 | client | UNSUBSCRIBE has at least one topic filter.
3.10.4-1 | server | Filters are compared character by character; the subscription with the same one is deleted.
3.10.4-2 | server | No new messages are added for a subscription that is deleted.
3.10.4-3 | server | QoS 1 and 2 messages whose delivery has begun are delivered to the end.
3.10.4-4 | server | UNSUBSCRIBE is answered with an UNSUBACK of the same packet identifier.
3.10.4-5 | server | UNSUBACK comes even if nothing was deleted.
3.10.4-6 | server | Several filters are handled as that many UNSUBSCRIBE packets, with one answer.
3.12.4-1 | server | PINGREQ is answered with PINGRESP.
3.14.1-1 | server | Reserved bits in the header of DISCONNECT end the connection.
3.14.4-1 | client | The client closes the connection after DISCONNECT.
3.14.4-2 | client | The client sends nothing after DISCONNECT.
3.14.4-3 | server | After DISCONNECT the will is discarded and not published.
4.1.0-1 | both | The state of a session is kept for as long as the session lasts.
4.1.0-2 | both | A session lasts at least as long as its connection.
4.3.1-1 | both | QoS 0: PUBLISH has QoS 0 and DUP 0.
4.3.2-1 | both | QoS 1: a new identifier, DUP 0 the first time, unacknowledged until PUBACK.
4.3.2-2 | both | QoS 1: the receiver answers with PUBACK; afterwards the same identifier is a new message.
4.3.3-1 | both | QoS 2: a new identifier, DUP 0 the first time, PUBREL after PUBREC, no PUBLISH after PUBREL.
4.3.3-2 | both | QoS 2: PUBREC, no second delivery until PUBREL, then PUBCOMP, and the identifier is free.
4.4.0-1 | both | With Clean Session 0, unacknowledged PUBLISH and PUBREL packets are sent again with their identifiers.
4.5.0-1 | server | A message that is taken is added to the sessions of all clients with a subscription that matches.
4.5.0-2 | client | The client acknowledges what it gets as the QoS demands.
4.6.0-1 | client | PUBLISH packets are sent again in their order.
4.6.0-2 | client | PUBACKs are sent in the order of the messages.
4.6.0-3 | client | PUBRECs are sent in the order of the messages.
4.6.0-4 | client | PUBRELs are sent in the order of the PUBRECs.
4.6.0-5 | server | Every topic is ordered, if nothing else was agreed.
4.6.0-6 | server | Messages of one topic and QoS are sent in the order in which they came from a client.
4.7.1-1 | both | Wildcards stand in topic filters, and not in topic names.
4.7.1-2 | both | # is the last character of a filter, alone or after a slash.
4.7.1-3 | both | + takes up a whole level.
4.7.2-1 | server | A filter that begins with a wildcard matches no topic that begins with $.
4.7.3-1 | both | Topic names and filters have at least one character.
4.7.3-2 | both | Topic names and filters have no U+0000.
4.7.3-3 | both | Topic names and filters have at most 65,535 bytes.
4.7.3-4 | server | Topics are matched as they are, without normalization.
4.8.0-1 | both | A violation of the protocol ends the connection.
4.8.0-2 | both | A transient error while a packet is handled ends its connection.
6.0.0-1 | both | A WebSocket frame that is not binary ends the connection.
6.0.0-2 | both | Packets are not aligned with WebSocket frames.
6.0.0-3 | client | The client offers the WebSocket subprotocol mqtt.
6.0.0-4 | server | The server chooses the WebSocket subprotocol mqtt.
7.0.0-1 | moot | What is both server and client conforms as both. | It is no rule of conduct: the rows above show the server, the client's own tests the client.
7.0.0-2 | moot | No extension outside of the specification is needed to work together. | It is no rule of conduct: the clients of test/hosts need none.
7.1.1-1 | server | There is a transport with an ordered stream of bytes without losses in both directions.
7.1.2-1 | client | The client has such a transport.
`;

export const MQTT_3_1_1: Specification = {
	title: "MQTT 3.1.1",
	statements: statements(TABLE, (number) => `[3.1.1 MQTT-${number}]`),
};
