import { type Specification, statements } from "./statement.ts";

/** The specification of 2010 has neither tags nor the word MUST: its sections and their headings, and what they ask for. */
const TABLE = `
2.1, DUP flag | both | DUP is set when PUBLISH, PUBREL, SUBSCRIBE or UNSUBSCRIBE is sent again; it may be set in each of them.
2.1, QoS | both | QoS 3 is reserved.
2.1, RETAIN | server | A retained message is kept, sent to new subscribers with RETAIN, and to others without.
2.1, Remaining Length | both | The remaining length has at most four bytes.
2.4 | both | Message identifiers are 16 bits, not 0, and unique among those in use in one direction.
2.5 | both | Text is UTF-8 with a length of two bytes.
2.6 | both | Unused bits are 0.
3.1, Protocol name | server | CONNECT names the protocol MQIsdp.
3.1, Protocol version | server | A version other than 3 is refused with return code 1.
3.1, Clean session flag | server | Without it, subscriptions and QoS 1 and 2 messages are kept while the client is away; with it, nothing is.
3.1, Will flag | server | The will is published when the connection ends without DISCONNECT, with its QoS and RETAIN.
3.1, User name and password flags | server | A flag may be set though the text is missing; a password needs the user name's flag.
3.1, Keep Alive timer | server | A client that sends nothing for one and a half times its Keep Alive is disconnected; 0 is off.
3.1, Client Identifier | server | An empty client identifier is refused with return code 2. So is one over 23 characters, says the specification; it is accepted all the same, as by other brokers, because OwnTracks has one.
3.1, Response | server | CONNECT is answered with CONNACK; a client that is connected already is disconnected for the new one.
3.1, First message | server | CONNECT comes first; a second one, or one that is malformed, ends the connection.
3.2 | server | CONNACK has return codes 0 to 5, and the byte before is 0.
3.3 | server | PUBLISH is delivered to all who subscribed; its topic has no wildcards; one that is not allowed is acknowledged all the same.
3.4 | both | QoS 1 is acknowledged with a PUBACK of the same message identifier.
3.5 | both | QoS 2 is answered with a PUBREC of the same message identifier.
3.6 | both | PUBREC is answered with a PUBREL of the same message identifier.
3.7 | both | PUBREL is answered with a PUBCOMP of the same message identifier.
3.8 | server | SUBSCRIBE is answered with SUBACK; messages may come before it; retained messages follow.
3.9 | server | SUBACK has the granted QoS of each filter, in order, and no other code.
3.10 | server | UNSUBSCRIBE removes subscriptions.
3.11 | server | UNSUBACK answers with the same message identifier.
3.12 | server | PINGREQ is answered with PINGRESP.
3.14 | server | After DISCONNECT the connection ends, the will is discarded, and with Clean Session the session.
4.1 | both | QoS 0 is delivered at most once, 1 at least once, 2 exactly once.
4.2 | server | After a new connection, messages in flight are delivered again.
4.3 | server | Messages are delivered in order as far as one may be in flight at a time.
Appendix A | both | Wildcards + and # stand for one level and for the rest; a topic has no U+0000.
`;

export const MQTT_3_1: Specification = {
	title: "MQTT 3.1",
	statements: statements(TABLE, (heading) =>
		heading.startsWith("Appendix") ? `[3.1 ${heading}]` : `[3.1 section ${heading}]`,
	),
};
