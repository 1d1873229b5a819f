import { type Malformed, malformed } from "./vector.ts";

/** What is neither CONNECT nor PUBLISH. */
export const MALFORMED_OTHERS: readonly Malformed[] = malformed(`
4 | server | 82 | 40020000 | PUBACK with packet identifier 0 | [MQTT-2.2.1-3]
4 | client | 81 | 4000 | PUBACK without a body | MQTT 5 section 3.4.2
5 | client | 81 | 400100 | PUBACK with half a packet identifier | MQTT 5 section 3.4.2
4 | server | 81 | 4003000100 | PUBACK with a reason code before version 5 | MQTT 3.1.1 section 3.4.1
5 | server | 82 | 4003000193 | PUBACK with a reason code that is not its own | [MQTT-3.4.2-1]
5 | server | 81 | 40050001000000 | PUBACK with a byte too many | MQTT 5 section 3.4.2
5 | client | 81 | 400400010001 | PUBACK with properties that do not fit | MQTT 5 section 2.2.2.1
5 | client | 82 | 400a000100061f00001f0000 | PUBACK with a reason string twice | MQTT 5 section 3.4.2.2.2
5 | client | 81 | 4006000100022400 | PUBACK with a property of CONNACK | MQTT 5 section 2.2.2.2
4 | server | 82 | 50020000 | PUBREC with packet identifier 0 | [MQTT-2.2.1-3]
4 | client | 81 | 5000 | PUBREC without a body | MQTT 5 section 3.4.2
5 | client | 81 | 500100 | PUBREC with half a packet identifier | MQTT 5 section 3.4.2
4 | server | 81 | 5003000100 | PUBREC with a reason code before version 5 | MQTT 3.1.1 section 3.4.1
5 | server | 82 | 5003000193 | PUBREC with a reason code that is not its own | [MQTT-3.4.2-1]
5 | server | 81 | 50050001000000 | PUBREC with a byte too many | MQTT 5 section 3.4.2
5 | client | 81 | 500400010001 | PUBREC with properties that do not fit | MQTT 5 section 2.2.2.1
5 | client | 82 | 500a000100061f00001f0000 | PUBREC with a reason string twice | MQTT 5 section 3.4.2.2.2
5 | client | 81 | 5006000100022400 | PUBREC with a property of CONNACK | MQTT 5 section 2.2.2.2
4 | server | 82 | 62020000 | PUBREL with packet identifier 0 | [MQTT-2.2.1-3]
4 | client | 81 | 6200 | PUBREL without a body | MQTT 5 section 3.4.2
5 | client | 81 | 620100 | PUBREL with half a packet identifier | MQTT 5 section 3.4.2
4 | server | 81 | 6203000100 | PUBREL with a reason code before version 5 | MQTT 3.1.1 section 3.4.1
5 | server | 82 | 6203000193 | PUBREL with a reason code that is not its own | [MQTT-3.4.2-1]
5 | server | 81 | 62050001000000 | PUBREL with a byte too many | MQTT 5 section 3.4.2
5 | client | 81 | 620400010001 | PUBREL with properties that do not fit | MQTT 5 section 2.2.2.1
5 | client | 82 | 620a000100061f00001f0000 | PUBREL with a reason string twice | MQTT 5 section 3.4.2.2.2
5 | client | 81 | 6206000100022400 | PUBREL with a property of CONNACK | MQTT 5 section 2.2.2.2
4 | server | 82 | 70020000 | PUBCOMP with packet identifier 0 | [MQTT-2.2.1-3]
4 | client | 81 | 7000 | PUBCOMP without a body | MQTT 5 section 3.4.2
5 | client | 81 | 700100 | PUBCOMP with half a packet identifier | MQTT 5 section 3.4.2
4 | server | 81 | 7003000100 | PUBCOMP with a reason code before version 5 | MQTT 3.1.1 section 3.4.1
5 | server | 82 | 7003000193 | PUBCOMP with a reason code that is not its own | [MQTT-3.4.2-1]
5 | server | 81 | 70050001000000 | PUBCOMP with a byte too many | MQTT 5 section 3.4.2
5 | client | 81 | 700400010001 | PUBCOMP with properties that do not fit | MQTT 5 section 2.2.2.1
5 | client | 82 | 700a000100061f00001f0000 | PUBCOMP with a reason string twice | MQTT 5 section 3.4.2.2.2
5 | client | 81 | 7006000100022400 | PUBCOMP with a property of CONNACK | MQTT 5 section 2.2.2.2
5 | server | 82 | 6203000110 | PUBREL with 0x10, which PUBREC has | [MQTT-3.6.2-1]
4 | client | 81 | 20020200 | CONNACK with reserved flags | [MQTT-3.2.2-1]
4 | client | 82 | 20020006 | CONNACK with return code 6 | MQTT 3.1.1 table 3.1
4 | client | 82 | 20020105 | CONNACK that refuses, with a session | [MQTT-3.2.2-4] of 3.1.1
5 | client | 82 | 2003018700 | CONNACK that refuses, with a session | [MQTT-3.2.2-6]
4 | client | 81 | 2000 | CONNACK without a body | MQTT 5 section 3.2.2
4 | client | 81 | 200100 | CONNACK of one byte | MQTT 5 section 3.2.2
4 | client | 81 | 2003000000 | CONNACK of three bytes before version 5 | MQTT 3.1.1 section 3.2.1
5 | client | 81 | 20020000 | CONNACK that accepts without a property length | [MQTT-2.2.2-1]
5 | client | 82 | 20020006 | CONNACK in the form of 3.1.1 with return code 6 | MQTT 3.1.1 table 3.1
5 | client | 82 | 2003008f00 | CONNACK with a reason code of SUBACK | [MQTT-3.2.2-8]
5 | client | 82 | 2003000200 | CONNACK with a return code of 3.1.1 and properties | [MQTT-3.2.2-8]
5 | client | 82 | 20050000022402 | CONNACK with Maximum QoS 2 | MQTT 5 section 3.2.2.3
5 | client | 82 | 20050000022502 | CONNACK with Retain Available 2 | MQTT 5 section 3.2.2.3
5 | client | 82 | 2006000003210000 | CONNACK with Receive Maximum 0 | MQTT 5 section 3.2.2.3
5 | client | 82 | 20080000052700000000 | CONNACK with Maximum Packet Size 0 | MQTT 5 section 3.2.2.3
5 | client | 82 | 20050000022802 | CONNACK with Wildcard Subscription Available 2 | MQTT 5 section 3.2.2.3
5 | client | 82 | 200500000229ff | CONNACK with Subscription Identifiers Available 255 | MQTT 5 section 3.2.2.3
5 | client | 82 | 20050000022a02 | CONNACK with Shared Subscription Available 2 | MQTT 5 section 3.2.2.3
5 | client | 81 | 20050000021701 | CONNACK with a property of CONNECT | MQTT 5 section 3.2.2.3
5 | client | 82 | 200700000424002400 | CONNACK with Maximum QoS twice, 0 both times | MQTT 5 section 3.2.2.3.4
4 | server | 82 | 82020001 | SUBSCRIBE without a filter | [MQTT-3.8.3-3] of 3.1.1
5 | server | 82 | 8203000100 | SUBSCRIBE without a filter | [MQTT-3.8.3-2]
4 | server | 82 | 8206000000016100 | SUBSCRIBE with packet identifier 0 | [MQTT-2.3.1-1] of 3.1.1
4 | server | 81 | 82050001000161 | SUBSCRIBE without options | MQTT 5 section 3.8.3
4 | server | 81 | 8206000100056100 | SUBSCRIBE with a filter that does not fit | MQTT 5 section 3.8.3
4 | server | 81 | 820600010001ff00 | SUBSCRIBE with a filter that is no UTF-8 | [MQTT-3.8.3-1]
5 | server | 81 | 82080001000002610000 | SUBSCRIBE with a filter that has U+0000 | [MQTT-4.7.3-2]
4 | server | 81 | 8206000100016103 | SUBSCRIBE with QoS 3 | [MQTT-3-8.3-4] of 3.1.1
5 | server | 82 | 820700010000016103 | SUBSCRIBE with QoS 3 | MQTT 5 section 3.8.3.1
4 | server | 81 | 8206000100016104 | SUBSCRIBE with reserved bits 0x04 | [MQTT-3-8.3-4] of 3.1.1
4 | server | 81 | 8206000100016140 | SUBSCRIBE with reserved bits 0x40 | [MQTT-3-8.3-4] of 3.1.1
4 | server | 81 | 8206000100016180 | SUBSCRIBE with reserved bits 0x80 | [MQTT-3-8.3-4] of 3.1.1
5 | server | 81 | 820700010000016140 | SUBSCRIBE with reserved bits 0x40 | [MQTT-3.8.3-5]
5 | server | 81 | 820700010000016180 | SUBSCRIBE with reserved bits 0x80 | [MQTT-3.8.3-5]
5 | server | 82 | 820700010000016130 | SUBSCRIBE with Retain Handling 3 | MQTT 5 section 3.8.3.1
5 | server | 82 | 8210000100000a2473686172652f672f6104 | SUBSCRIBE with No Local on a shared subscription | [MQTT-3.8.3-4]
5 | server | 82 | 82090001020b0000016100 | SUBSCRIBE with subscription identifier 0 | MQTT 5 section 3.8.2.1.2
5 | server | 82 | 820b0001040b010b0200016100 | SUBSCRIBE with two subscription identifiers | MQTT 5 section 3.8.2.1.2
5 | server | 81 | 820b0001041f00017800016100 | SUBSCRIBE with a reason string | MQTT 5 section 2.2.2.2
4 | server | 82 | a2020001 | UNSUBSCRIBE without a filter | [MQTT-3.10.3-2]
5 | server | 82 | a206000000000161 | UNSUBSCRIBE with packet identifier 0 | [MQTT-2.2.1-3]
4 | server | 81 | a2050001000261 | UNSUBSCRIBE with a filter that does not fit | MQTT 5 section 3.10.3
4 | server | 81 | a206000100016100 | UNSUBSCRIBE with half a filter length | MQTT 5 section 3.10.3
4 | server | 81 | a2050001000180 | UNSUBSCRIBE with a filter that is no UTF-8 | [MQTT-3.10.3-1]
5 | server | 81 | a2080001020b01000161 | UNSUBSCRIBE with a subscription identifier | MQTT 5 section 2.2.2.2
4 | client | 81 | 90020001 | SUBACK without a code | MQTT 5 section 3.9.3
4 | client | 82 | 9003000103 | SUBACK with code 3 | [MQTT-3.9.3-2] of 3.1.1
5 | client | 82 | 900400010003 | SUBACK with code 3 | [MQTT-3.9.3-2]
4 | client | 82 | 9003000187 | SUBACK with a reason code of version 5 in 3.1.1 | [MQTT-3.9.3-2] of 3.1.1
4 | client | 82 | 9003000000 | SUBACK with packet identifier 0 | [MQTT-2.2.1-3]
4 | client | 81 | b003000100 | UNSUBACK with a code before version 5 | MQTT 3.1.1 section 3.11.1
5 | client | 81 | b003000100 | UNSUBACK without a code | MQTT 5 section 3.11.3
5 | client | 82 | b004000100a2 | UNSUBACK with a reason code of SUBACK | [MQTT-3.11.3-2]
4 | client | 82 | b0020000 | UNSUBACK with packet identifier 0 | [MQTT-2.2.1-3]
4 | server | 81 | e00100 | DISCONNECT with a body before version 5 | MQTT 3.1.1 section 3.14.1
5 | server | 82 | e00101 | DISCONNECT with reason code 1 | [MQTT-3.14.2-1]
5 | client | 81 | e003000000 | DISCONNECT with a byte too many | MQTT 5 section 3.14.2
5 | client | 82 | e00700051100000001 | DISCONNECT of a server with a session expiry | [MQTT-3.14.2-2]
5 | client | 81 | e00600041500014d | DISCONNECT with an authentication method | MQTT 5 section 2.2.2.2
5 | server | 82 | f0020100 | AUTH with reason code 1 | [MQTT-3.15.2-1]
5 | server | 82 | f0021800 | AUTH that goes on without a method | MQTT 5 section 3.15.2.2.2
5 | server | 82 | f00600041500014d | AUTH success from a client | MQTT 5 table 3-11
5 | client | 82 | f00619041500014d | AUTH re-authentication from a server | MQTT 5 table 3-11
5 | server | 82 | f00a18081500014d1500014d | AUTH with its method twice | MQTT 5 section 3.15.2.2.2
`);
