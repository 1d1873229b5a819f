import { type Specification, statements } from "./statement.ts";

const TABLE = `
1.5.4-1 | both | Text is well-formed UTF-8 and has no surrogates.
1.5.4-2 | both | Text has no U+0000.
1.5.4-3 | both | U+FEFF in a text is a character like others and is not taken away.
1.5.5-1 | both | A variable byte integer has as few bytes as its value needs.
1.5.7-1 | both | Name and value of a user property are both valid text.
2.1.3-1 | both | Reserved flags of the fixed header have the value that the table gives; others are malformed.
2.2.1-2 | both | A PUBLISH of QoS 0 has no packet identifier.
2.2.1-3 | client | SUBSCRIBE, UNSUBSCRIBE and PUBLISH of QoS 1 and 2 get a packet identifier that is not 0 and not in use.
2.2.1-4 | server | The server's PUBLISH of QoS 1 and 2 gets a packet identifier that is not 0 and not in use.
2.2.1-5 | both | PUBACK, PUBREC, PUBREL and PUBCOMP have the packet identifier of their PUBLISH.
2.2.1-6 | server | SUBACK and UNSUBACK have the packet identifier of what they answer.
2.2.2-1 | both | Where there are no properties, their length 0 is there.
3.1.0-1 | client | The first packet of a connection is CONNECT.
3.1.0-2 | server | A second CONNECT is a protocol error and ends the connection.
3.1.2-1 | server | Another protocol name ends the connection, with or without CONNACK 0x84.
3.1.2-2 | server | An unknown protocol version ends the connection, with or without CONNACK 0x84.
3.1.2-3 | server | The reserved flag of CONNECT must be 0; otherwise the packet is malformed.
3.1.2-4 | server | Clean Start 1 discards the session that there is and begins a new one.
3.1.2-5 | server | Clean Start 0 goes on with the session of this client identifier.
3.1.2-6 | server | Clean Start 0 without a session begins a new one.
3.1.2-7 | server | The will of an accepted CONNECT is kept with the session.
3.1.2-8 | server | The will is published when the connection has ended and its delay or the session is over, unless it was taken back.
3.1.2-9 | client | With the Will Flag, QoS and RETAIN of the will count, and its properties, topic and payload are there.
3.1.2-10 | server | A will that was published, or taken back by DISCONNECT 0x00, is removed from the session.
3.1.2-11 | client | Without the Will Flag, the will's QoS is 0.
3.1.2-12 | client | The will's QoS is not 3.
3.1.2-13 | client | Without the Will Flag, the will's RETAIN is 0.
3.1.2-14 | server | A will without RETAIN is published as a message that is not retained.
3.1.2-15 | server | A will with RETAIN is published as a retained message.
3.1.2-16 | client | Without its flag, there is no user name.
3.1.2-17 | client | With its flag, there is a user name.
3.1.2-18 | client | Without its flag, there is no password.
3.1.2-19 | client | With its flag, there is a password.
3.1.2-20 | client | A client with a Keep Alive sends PINGREQ when it sends nothing else in that time.
3.1.2-21 | client | The client uses the Server Keep Alive of CONNACK.
3.1.2-22 | server | A client that sends nothing for one and a half times its Keep Alive is disconnected.
3.1.2-23 | both | A session whose expiry interval is over 0 is kept after the connection.
3.1.2-24 | server | No packet is sent that is larger than the client's Maximum Packet Size.
3.1.2-25 | server | A message that is too large for the client is dropped as if it had been delivered.
3.1.2-26 | server | No topic alias over the client's Topic Alias Maximum is sent.
3.1.2-27 | server | Without a Topic Alias Maximum, or with 0, the client is sent no topic alias.
3.1.2-28 | server | Without Request Response Information, CONNACK has no Response Information.
3.1.2-29 | server | Without Request Problem Information, only PUBLISH, CONNACK and DISCONNECT have a reason string or user properties.
3.1.2-30 | client | After a CONNECT with an Authentication Method the client sends only AUTH and DISCONNECT until CONNACK.
3.1.3-1 | client | The fields of CONNECT's payload stand in their order.
3.1.3-2 | server | The client identifier names the session.
3.1.3-3 | client | The client identifier is there, and first.
3.1.3-4 | client | The client identifier is valid text.
3.1.3-5 | server | Client identifiers of 1 to 23 letters and digits are accepted.
3.1.3-6 | server | An empty client identifier may be accepted; then the server gives one.
3.1.3-7 | server | Who gave no client identifier is told the one that was given, in CONNACK.
3.1.3-8 | server | A client identifier that is refused may get CONNACK 0x85, and ends the connection.
3.1.3-9 | server | A client that is back before the will's delay is over has no will published.
3.1.3-10 | server | The user properties of the will keep their order.
3.1.3-11 | client | The will's topic is valid text.
3.1.3-12 | client | The user name is valid text.
3.1.4-1 | server | A CONNECT that does not have the form of section 3.1 ends the connection.
3.1.4-2 | server | A CONNECT that fails other checks, as authentication, ends the connection, with or without CONNACK.
3.1.4-3 | server | A client that is connected already is told DISCONNECT 0x8E and disconnected for the new one.
3.1.4-4 | server | Clean Start is carried out.
3.1.4-5 | server | An accepted CONNECT is answered with CONNACK 0x00.
3.1.4-6 | server | What follows a refused CONNECT is not handled, except AUTH.
3.2.0-1 | server | CONNACK comes before every other packet but AUTH.
3.2.0-2 | server | There is one CONNACK for a connection.
3.2.2-1 | server | Bits 7 to 1 of the CONNACK flags are 0.
3.2.2-2 | server | After Clean Start 1, Session Present is 0.
3.2.2-3 | server | After Clean Start 0, Session Present is 1 if there is a session and otherwise 0.
3.2.2-4 | client | A client without a session that is told Session Present 1 closes the connection.
3.2.2-5 | client | A client with a session that is told Session Present 0 discards it.
3.2.2-6 | server | With a reason code other than 0, Session Present is 0.
3.2.2-7 | server | After a reason code from 128, the server closes the connection.
3.2.2-8 | server | CONNACK has one of its own reason codes.
3.2.2-9 | moot | A server without QoS 1 or 2 says so. | All levels are supported, so CONNACK has no Maximum QoS.
3.2.2-10 | moot | A server without QoS 1 or 2 takes subscriptions of all levels. | All levels are supported.
3.2.2-11 | client | The client sends nothing over the Maximum QoS.
3.2.2-12 | moot | A server without QoS 1 or 2 refuses a will of that QoS. | All levels are supported.
3.2.2-13 | server | Where nothing is retained, a CONNECT whose will has RETAIN is refused.
3.2.2-14 | client | Where nothing is retained, the client does not set RETAIN.
3.2.2-15 | client | The client sends nothing over the server's Maximum Packet Size.
3.2.2-16 | server | An assigned client identifier is not that of another session.
3.2.2-17 | client | The client sends no topic alias over the server's maximum.
3.2.2-18 | client | Without a Topic Alias Maximum, the client sends no topic alias.
3.2.2-19 | server | The reason string is left out where it would make CONNACK too large for the client.
3.2.2-20 | server | So are user properties.
3.2.2-21 | client | The client uses the Server Keep Alive.
3.2.2-22 | server | Without a Server Keep Alive, the server uses the client's Keep Alive.
3.3.1-1 | both | DUP is 1 when a PUBLISH is sent again.
3.3.1-2 | both | DUP is 0 at QoS 0.
3.3.1-3 | server | DUP of a forwarded message says only whether that delivery is a repetition.
3.3.1-4 | both | A PUBLISH does not have QoS 3.
3.3.1-5 | server | A message with RETAIN replaces its topic's retained message.
3.3.1-6 | server | One with RETAIN and no payload is delivered and removes the retained message; later subscribers get none.
3.3.1-7 | server | One without payload is not kept as a retained message.
3.3.1-8 | server | A message without RETAIN is not kept as a retained one and removes none.
3.3.1-9 | server | Retain Handling 0: the retained messages that match are sent.
3.3.1-10 | server | Retain Handling 1: they are sent only for a new subscription.
3.3.1-11 | server | Retain Handling 2: they are not sent.
3.3.1-12 | server | Without Retain As Published, a message is forwarded with RETAIN 0.
3.3.1-13 | server | With Retain As Published, a message is forwarded with RETAIN as received.
3.3.2-1 | both | The topic name comes first in PUBLISH and is valid text.
3.3.2-2 | both | A topic name has no wildcards.
3.3.2-3 | server | The topic name that is sent matches the subscription's filter.
3.3.2-4 | server | The Payload Format Indicator is forwarded unaltered.
3.3.2-5 | server | A message whose expiry interval has passed before its delivery began is not delivered.
3.3.2-6 | server | The expiry interval is forwarded less the time that the message waited.
3.3.2-7 | both | Topic aliases do not outlive their connection.
3.3.2-8 | both | Topic alias 0 is not sent.
3.3.2-9 | client | The client sends no topic alias over the server's Topic Alias Maximum.
3.3.2-10 | client | The client takes every topic alias up to its own maximum.
3.3.2-11 | server | The server sends no topic alias over the client's Topic Alias Maximum.
3.3.2-12 | server | The server takes every topic alias up to its own maximum.
3.3.2-13 | both | The response topic is valid text.
3.3.2-14 | both | The response topic has no wildcards.
3.3.2-15 | server | The response topic is forwarded unaltered.
3.3.2-16 | server | Correlation data is forwarded unaltered.
3.3.2-17 | server | User properties are forwarded unaltered.
3.3.2-18 | server | User properties keep their order.
3.3.2-19 | both | The content type is valid text.
3.3.2-20 | server | The content type is forwarded unaltered.
3.3.4-1 | both | A PUBLISH is answered as its QoS demands.
3.3.4-2 | server | Overlapping subscriptions deliver with the highest QoS among them.
3.3.4-3 | server | A message that is sent for a subscription with an identifier has that identifier.
3.3.4-4 | server | One copy for several subscriptions has the identifiers of all.
3.3.4-5 | moot | Each of several copies has its own subscription's identifier. | A client is sent one copy, whatever the number of its subscriptions that match.
3.3.4-6 | client | A client's PUBLISH has no subscription identifier.
3.3.4-7 | client | The client has no more QoS 1 and 2 messages unacknowledged than the server's Receive Maximum.
3.3.4-8 | client | The client delays nothing but those messages for it.
3.3.4-9 | server | The server has no more QoS 1 and 2 messages unacknowledged than the client's Receive Maximum.
3.3.4-10 | server | The server delays nothing but those messages for it.
3.4.2-1 | both | PUBACK has one of its own reason codes.
3.4.2-2 | both | The reason string is left out where it would make PUBACK too large for the receiver.
3.4.2-3 | both | So are user properties.
3.5.2-1 | both | PUBREC has one of its own reason codes.
3.5.2-2 | both | The reason string is left out where it would make PUBREC too large for the receiver.
3.5.2-3 | both | So are user properties.
3.6.1-1 | both | The flags of PUBREL are 0010; others are malformed and end the connection.
3.6.2-1 | both | PUBREL has one of its own reason codes.
3.6.2-2 | both | The reason string is left out where it would make PUBREL too large for the receiver.
3.6.2-3 | both | So are user properties.
3.7.2-1 | both | PUBCOMP has one of its own reason codes.
3.7.2-2 | both | The reason string is left out where it would make PUBCOMP too large for the receiver.
3.7.2-3 | both | So are user properties.
3.8.1-1 | server | The flags of SUBSCRIBE are 0010; others are malformed and end the connection.
3.8.3-1 | client | Topic filters are valid text.
3.8.3-2 | client | SUBSCRIBE has at least one topic filter with its options.
3.8.3-3 | server | With No Local, a client is not sent its own messages.
3.8.3-4 | client | A shared subscription does not have No Local.
3.8.3-5 | server | A SUBSCRIBE with reserved bits in its options is malformed.
3.8.4-1 | server | SUBSCRIBE is answered with SUBACK.
3.8.4-2 | server | SUBACK has the packet identifier of its SUBSCRIBE.
3.8.4-3 | server | A subscription to the same filter replaces the one that there is.
3.8.4-4 | server | Then, with Retain Handling 0, retained messages are sent anew, and no message is lost by the replacement.
3.8.4-5 | server | Several filters are handled as that many SUBSCRIBE packets, with one answer.
3.8.4-6 | server | SUBACK has a reason code for each filter.
3.8.4-7 | server | It says the highest QoS that is granted, or that the subscription failed.
3.8.4-8 | server | A message is sent with the lower of its own QoS and the one granted.
3.9.2-1 | server | The reason string is left out where it would make SUBACK too large for the client.
3.9.2-2 | server | So are user properties.
3.9.3-1 | server | The reason codes of SUBACK stand in the order of the filters.
3.9.3-2 | server | SUBACK has only its own reason codes.
3.10.1-1 | server | The flags of UNSUBSCRIBE are 0010; others are malformed and end the connection.
3.10.3-1 | client | The topic filters of UNSUBSCRIBE are valid text.
3.10.3-2 | client | UNSUBSCRIBE has at least one topic filter.
3.10.4-1 | server | Filters are compared character by character; the subscription with the same one is deleted.
3.10.4-2 | server | No new messages are added for a subscription that is deleted.
3.10.4-3 | server | QoS 1 and 2 messages whose delivery has begun are delivered to the end.
3.10.4-4 | server | UNSUBSCRIBE is answered with UNSUBACK.
3.10.4-5 | server | UNSUBACK has the packet identifier of its UNSUBSCRIBE, and comes even if nothing was deleted.
3.10.4-6 | server | Several filters are handled as that many UNSUBSCRIBE packets, with one answer.
3.11.2-1 | server | The reason string is left out where it would make UNSUBACK too large for the client.
3.11.2-2 | server | So are user properties.
3.11.3-1 | server | The reason codes of UNSUBACK stand in the order of the filters.
3.11.3-2 | server | UNSUBACK has only its own reason codes.
3.12.4-1 | server | PINGREQ is answered with PINGRESP.
3.14.0-1 | server | The server sends no DISCONNECT before it has accepted the client.
3.14.1-1 | both | Reserved bits in the header of DISCONNECT are malformed.
3.14.2-1 | both | DISCONNECT has one of its own reason codes.
3.14.2-2 | server | The server's DISCONNECT has no Session Expiry Interval.
3.14.2-3 | both | The reason string is left out where it would make DISCONNECT too large for the receiver.
3.14.2-4 | both | So are user properties.
3.14.4-1 | both | Nothing is sent after DISCONNECT.
3.14.4-2 | both | Who has sent DISCONNECT closes the connection.
3.14.4-3 | server | After DISCONNECT 0x00 the will is discarded and not published.
3.15.1-1 | both | Reserved bits in the header of AUTH are malformed and end the connection.
3.15.2-1 | both | AUTH has one of its own reason codes.
3.15.2-2 | both | The reason string is left out where it would make AUTH too large for the receiver.
3.15.2-3 | both | So are user properties.
4.1.0-1 | both | A session is not discarded while its connection is open.
4.1.0-2 | server | A session is discarded when its connection has ended and its expiry interval has passed.
4.2.0-1 | both | There is a transport with an ordered stream of bytes without losses in both directions.
4.3.1-1 | both | QoS 0: PUBLISH has QoS 0 and DUP 0.
4.3.2-1 | both | QoS 1: each new message gets a packet identifier that is not in use.
4.3.2-2 | both | QoS 1: PUBLISH has QoS 1 and, the first time, DUP 0.
4.3.2-3 | both | QoS 1: a PUBLISH counts as unacknowledged until its PUBACK.
4.3.2-4 | both | QoS 1: the receiver answers with a PUBACK of the same packet identifier.
4.3.2-5 | both | QoS 1: after PUBACK, a PUBLISH with the same packet identifier is a new message, DUP or not.
4.3.3-1 | both | QoS 2: each new message gets a packet identifier that is not in use.
4.3.3-2 | both | QoS 2: PUBLISH has QoS 2 and, the first time, DUP 0.
4.3.3-3 | both | QoS 2: a PUBLISH counts as unacknowledged until its PUBREC.
4.3.3-4 | both | QoS 2: a PUBREC below 0x80 is answered with a PUBREL of the same packet identifier.
4.3.3-5 | both | QoS 2: a PUBREL counts as unacknowledged until its PUBCOMP.
4.3.3-6 | both | QoS 2: after PUBREL, the PUBLISH is not sent again.
4.3.3-7 | both | QoS 2: a message that was sent does not expire.
4.3.3-8 | both | QoS 2: the receiver answers with a PUBREC of the same packet identifier.
4.3.3-9 | both | QoS 2: after a PUBREC from 0x80, a PUBLISH with that packet identifier is a new message.
4.3.3-10 | both | QoS 2: until PUBREL, a repeated PUBLISH gets another PUBREC and is not delivered again.
4.3.3-11 | both | QoS 2: PUBREL is answered with a PUBCOMP of the same packet identifier.
4.3.3-12 | both | QoS 2: after PUBCOMP, a PUBLISH with that packet identifier is a new message.
4.3.3-13 | both | QoS 2: the exchange goes on even if the message has expired.
4.4.0-1 | both | With a session that goes on, unacknowledged PUBLISH and PUBREL packets are sent again with their identifiers; at no other time.
4.4.0-2 | both | A message that was answered with a reason code from 0x80 is not sent again.
4.5.0-1 | server | A message that is taken is added to the sessions of all clients with a subscription that matches.
4.5.0-2 | client | The client acknowledges what it gets as the QoS demands.
4.6.0-1 | client | The client sends PUBLISH packets again in their order.
4.6.0-2 | client | The client sends PUBACKs in the order of the messages.
4.6.0-3 | client | The client sends PUBRECs in the order of the messages.
4.6.0-4 | client | The client sends PUBRELs in the order of the PUBRECs.
4.6.0-5 | server | Messages of one topic and QoS are sent in the order in which they came from a client.
4.6.0-6 | server | Every topic is ordered for subscriptions that are not shared.
4.7.0-1 | both | Wildcards stand in topic filters, and not in topic names.
4.7.1-1 | both | # is the last character of a filter, alone or after a slash.
4.7.1-2 | both | + takes up a whole level.
4.7.2-1 | server | A filter that begins with a wildcard matches no topic that begins with $.
4.7.3-1 | both | Topic names and filters have at least one character.
4.7.3-2 | both | Topic names and filters have no U+0000.
4.7.3-3 | both | Topic names and filters have at most 65,535 bytes.
4.7.3-4 | server | Topics are matched as they are, without normalization.
4.8.2-1 | both | A shared subscription is $share, a slash, and a name of at least one character.
4.8.2-2 | both | The name has no slash, + or #, and is followed by a slash and a topic filter.
4.8.2-3 | server | Each member of a share is sent messages with the QoS that it was granted.
4.8.2-4 | server | A QoS 2 message whose delivery to a member has begun is completed when that client is back.
4.8.2-5 | server | If that session ends before, the message goes to no other member.
4.8.2-6 | server | What a member refuses goes to no other member.
4.9.0-1 | both | The send quota begins with at most the receiver's Receive Maximum, and anew for each connection.
4.9.0-2 | both | With no quota left, no PUBLISH of QoS 1 or 2 is sent.
4.9.0-3 | both | With no quota left, all other packets are handled and answered.
4.12.0-1 | server | An Authentication Method that the server does not know ends the connection, with or without CONNACK 0x8C or 0x87.
4.12.0-2 | server | If the server needs more, it sends AUTH 0x18.
4.12.0-3 | client | The client answers an AUTH with AUTH 0x18.
4.12.0-4 | server | The server may refuse at any point with a CONNACK from 0x80, and closes the connection.
4.12.0-5 | both | Every AUTH, and an accepting CONNACK, has the Authentication Method of CONNECT.
4.12.0-6 | server | Without an Authentication Method in CONNECT, the server sends no AUTH, and none in CONNACK.
4.12.0-7 | client | Without an Authentication Method in CONNECT, the client sends no AUTH.
4.12.1-1 | client | Re-authentication has the Authentication Method of CONNECT.
4.12.1-2 | both | A re-authentication that fails ends the connection, if possible with DISCONNECT.
4.13.1-1 | server | A malformed packet or a protocol error ends the connection.
4.13.2-1 | both | After CONNACK or DISCONNECT from 0x80, the connection is closed.
6.0.0-1 | both | A WebSocket frame that is not binary ends the connection.
6.0.0-2 | both | Packets are not aligned with WebSocket frames.
6.0.0-3 | client | The client offers the WebSocket subprotocol mqtt.
6.0.0-4 | server | The server chooses the WebSocket subprotocol mqtt.
`;

export const MQTT_5: Specification = {
	title: "MQTT 5",
	statements: statements(TABLE, (number) => `[MQTT-${number}]`),
};
