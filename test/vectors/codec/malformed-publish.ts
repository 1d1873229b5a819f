import { type Malformed, malformed } from "./vector.ts";

/** PUBLISH (section 3.3). */
export const MALFORMED_PUBLISH: readonly Malformed[] = malformed(`
4 | server | 81 | 36050001610001 | QoS 3, first byte 0x36 | [MQTT-3.3.1-4]
4 | server | 81 | 37050001610001 | QoS 3, first byte 0x37 | [MQTT-3.3.1-4]
4 | server | 81 | 3e050001610001 | QoS 3, first byte 0x3e | [MQTT-3.3.1-4]
4 | server | 81 | 3f050001610001 | QoS 3, first byte 0x3f | [MQTT-3.3.1-4]
4 | server | 81 | 3803000161 | DUP at QoS 0 | [MQTT-3.3.1-2]
5 | client | 81 | 390400016100 | DUP at QoS 0 | [MQTT-3.3.1-2]
4 | server | 82 | 32050001610000 | packet identifier 0 at QoS 1 | [MQTT-2.3.1-1] of 3.1.1
5 | client | 82 | 3406000161000000 | packet identifier 0 at QoS 2 | [MQTT-2.2.1-3]
4 | client | 81 | 3203000161 | no packet identifier | [MQTT-2.3.1-1] of 3.1.1
4 | client | 81 | 320400016100 | half a packet identifier | MQTT 5 section 3.3.2.2
4 | server | 81 | 3000 | no body | [MQTT-3.3.2-1]
4 | server | 81 | 300100 | half a topic length | [MQTT-3.3.2-1]
4 | server | 81 | 300400036162 | a topic that does not fit | [MQTT-3.3.2-1]
4 | server | 90 | 30050003612f2b | a topic with + | [MQTT-3.3.2-2]
5 | client | 90 | 300400012300 | a topic with # | [MQTT-3.3.2-2]
4 | client | 90 | 300a0008686f6d652f612b62 | a wildcard within a level | [MQTT-3.3.2-2]
4 | server | 82 | 30020000 | no topic before version 5 | [MQTT-4.7.3-1]
3 | client | 82 | 30020000 | no topic in 3.1 | MQTT 3.1 appendix A
5 | server | 82 | 3003000000 | neither topic nor alias | MQTT 5 section 3.3.2.1
4 | server | 81 | 300a0001007061796c6f6164 | a topic with U+0000 | [MQTT-1.5.3-2] of 3.1.1, [MQTT-1.5.4-2] of 5
4 | server | 81 | 300c00036100627061796c6f6164 | a topic with U+0000 within | [MQTT-1.5.3-2] of 3.1.1, [MQTT-1.5.4-2] of 5
4 | server | 81 | 300b0002c0807061796c6f6164 | a topic with U+0000 in two bytes | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300b0002c1bf7061796c6f6164 | a topic with overlong, two bytes | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300c0003e09fbf7061796c6f6164 | a topic with overlong, three bytes | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300d0004f08fbfbf7061796c6f6164 | a topic with overlong, four bytes | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300c0003eda0807061796c6f6164 | a topic with the first surrogate | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300c0003edbfbf7061796c6f6164 | a topic with the last surrogate | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300f0006eda0bdedb8807061796c6f6164 | a topic with a surrogate pair | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300d0004f49080807061796c6f6164 | a topic with beyond U+10FFFF | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300d0004f58080807061796c6f6164 | a topic with lead byte F5 | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300a0001ff7061796c6f6164 | a topic with byte FF | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300a0001807061796c6f6164 | a topic with a continuation alone | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300a0001c37061796c6f6164 | a topic with two bytes cut short | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300b0002e2827061796c6f6164 | a topic with three bytes cut short | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300c0003f09f987061796c6f6164 | a topic with four bytes cut short | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300b0002c3287061796c6f6164 | a topic with a wrong second byte | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300c0003e282287061796c6f6164 | a topic with a wrong third byte | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 300d0004f09f98287061796c6f6164 | a topic with a wrong fourth byte | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 301200096162636465666768807061796c6f6164 | a topic with a continuation after eight characters | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
4 | server | 81 | 3011000861626364656667ff7061796c6f6164 | a topic with byte FF as the eighth | [MQTT-1.5.3-1] of 3.1.1, [MQTT-1.5.4-1] of 5
5 | server | 81 | 3003000161 | no property length | [MQTT-2.2.2-1]
5 | server | 81 | 30050001610201 | properties longer than the packet | MQTT 5 section 2.2.2.1
5 | server | 81 | 30050001618000 | a property length that is longer than needed | [MQTT-1.5.5-1]
5 | server | 94 | 300700016103230000 | topic alias 0 | [MQTT-3.3.2-8]
5 | server | 82 | 300a00016106230001230001 | topic alias twice | MQTT 5 section 3.3.2.3.4
5 | server | 82 | 3006000161020b01 | a subscription identifier from a client | [MQTT-3.3.4-6]
5 | client | 82 | 3006000161020b00 | subscription identifier 0 | MQTT 5 section 3.3.2.3.8
5 | client | 81 | 300a000161060bffffffff01 | a subscription identifier of five bytes | MQTT 5 section 1.5.5
5 | client | 82 | 3006000161020102 | payload format indicator 2 | MQTT 5 section 3.3.2.3.2
5 | client | 82 | 30080001610401000100 | payload format indicator twice | MQTT 5 section 3.3.2.3.2
5 | client | 82 | 300e0001610a02000000000200000000 | message expiry twice, 0 the first time | MQTT 5 section 3.3.2.3.3
5 | client | 82 | 300b0001610703000003000178 | content type twice, empty the first time | MQTT 5 section 3.3.2.3.9
5 | client | 82 | 300a00016106090000090000 | correlation data twice | MQTT 5 section 3.3.2.3.6
5 | client | 82 | 300c000161080800017208000172 | response topic twice | MQTT 5 section 3.3.2.3.5
5 | server | 90 | 300a00016106080003722f2b | a response topic with a wildcard | [MQTT-3.3.2-14]
5 | server | 90 | 300700016103080000 | an empty response topic | [MQTT-4.7.3-1]
5 | server | 81 | 300800016104080001ff | a response topic that is no UTF-8 | [MQTT-3.3.2-13]
5 | server | 81 | 300900016105030002c0af | a content type that is no UTF-8 | [MQTT-3.3.2-19]
5 | server | 81 | 3009000161051100000000 | a property of CONNECT | MQTT 5 section 2.2.2.2
5 | client | 81 | 3008000161041f000178 | a reason string | MQTT 5 section 2.2.2.2
5 | server | 81 | 30050001610100 | property 0 | MQTT 5 section 2.2.2.2
5 | server | 81 | 300b0001610302000000000000 | a property that runs into the payload | MQTT 5 section 2.2.2.2
`);
