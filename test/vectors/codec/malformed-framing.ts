import { type Malformed, malformed } from "./vector.ts";

/** What the fixed header gives away (section 2.1). */
export const MALFORMED_FRAMING: readonly Malformed[] = malformed(`
4 | server | 81 | 0000 | reserved packet type 0 | MQTT 5 table 2-1
5 | client | 81 | 0000 | reserved packet type 0 | MQTT 5 table 2-1
4 | server | 81 | f000 | packet type 15 before version 5 | MQTT 3.1.1 table 2.1
3 | client | 81 | f000 | packet type 15 before version 5 | MQTT 3.1 table 2
4 | server | 81 | 11020001 | flags of CONNECT that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | client | 81 | 21020001 | flags of CONNACK that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | server | 81 | 42020001 | flags of PUBACK that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | client | 81 | 58020001 | flags of PUBREC that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | server | 81 | 60020001 | flags of PUBREL without the ones that it has | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | server | 81 | 63020001 | flags of PUBREL that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | client | 81 | 71020001 | flags of PUBCOMP that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | server | 81 | 80020001 | flags of SUBSCRIBE without the ones that it has | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | server | 81 | 83020001 | flags of SUBSCRIBE that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | client | 81 | 92020001 | flags of SUBACK that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | server | 81 | a0020001 | flags of UNSUBSCRIBE without the ones that it has | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | client | 81 | b1020001 | flags of UNSUBACK that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | server | 81 | c8020001 | flags of PINGREQ that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | client | 81 | d1020001 | flags of PINGRESP that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
4 | server | 81 | e2020001 | flags of DISCONNECT that are reserved | [MQTT-2.2.2-2] of 3.1.1, [MQTT-2.1.3-1] of 5
5 | client | 81 | f100 | flags of AUTH that are reserved | [MQTT-2.1.3-1]
4 | server | 81 | 6a020001 | DUP of 3.1 in 3.1.1 | [MQTT-2.2.2-2] of 3.1.1
4 | server | 81 | 8a020001 | DUP of 3.1 in 3.1.1 | [MQTT-2.2.2-2] of 3.1.1
4 | server | 81 | aa020001 | DUP of 3.1 in 3.1.1 | [MQTT-2.2.2-2] of 3.1.1
4 | server | 82 | 20020000 | CONNACK from the wrong side | MQTT 5 table 2-1
4 | server | 82 | 9003000100 | SUBACK from the wrong side | MQTT 5 table 2-1
3 | server | 82 | b0020001 | UNSUBACK from the wrong side | MQTT 5 table 2-1
5 | server | 82 | d000 | PINGRESP from the wrong side | MQTT 5 table 2-1
4 | client | 82 | 8206000100016100 | SUBSCRIBE from the wrong side | MQTT 5 table 2-1
4 | client | 82 | a2050001000161 | UNSUBSCRIBE from the wrong side | MQTT 5 table 2-1
5 | client | 82 | c000 | PINGREQ from the wrong side | MQTT 5 table 2-1
4 | client | 82 | 100d00044d51545404020000000163 | CONNECT from the wrong side | MQTT 5 table 2-1
4 | client | 82 | e000 | DISCONNECT before version 5 from the wrong side | MQTT 5 table 2-1
4 | server | 81 | 308080808001 | a remaining length of five bytes | MQTT 3.1.1 section 2.2.3
5 | client | 81 | 30ffffffff | a remaining length that goes on after four bytes | MQTT 5 section 2.1.4
5 | client | 81 | 30840000016100 | a remaining length that is longer than needed | [MQTT-1.5.5-1]
5 | fresh server | 81 | 108e0000044d5154540502000000000163 | a CONNECT whose remaining length is longer than needed | [MQTT-1.5.5-1]
4 | fresh server | 82 | c000 | a first packet that is no CONNECT | [MQTT-3.1.0-1]
5 | fresh server | 82 | 3003000161 | a first packet that is a PUBLISH | [MQTT-3.1.0-1]
4 | server | 81 | c00100 | PINGREQ with a body | MQTT 5 section 3.12.2
4 | client | 81 | d00100 | PINGRESP with a body | MQTT 5 section 3.13.2
4 | server | 95 | 30808004 | a packet longer than the limit | MQTT 5 section 3.1.2.11.4
`);
