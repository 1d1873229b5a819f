import { type Malformed, malformed } from "./vector.ts";

/** CONNECT (section 3.1). */
export const MALFORMED_CONNECT: readonly Malformed[] = malformed(`
4 | fresh server | 81 | 100d00044d5154540403003c000163 | reserved connect flag | [MQTT-3.1.2-3]
3 | fresh server | 81 | 100f00064d51497364700303003c000163 | reserved connect flag | MQTT 3.1 section 3.1
4 | fresh server | 81 | 101200044d515454041e003c0001630001770000 | will QoS 3 | [MQTT-3.1.2-14] of 3.1.1, [MQTT-3.1.2-12] of 5
4 | fresh server | 81 | 100d00044d515454040a003c000163 | will QoS without will | [MQTT-3.1.2-13] of 3.1.1, [MQTT-3.1.2-11] of 5
5 | fresh server | 81 | 100e00044d5154540522003c00000163 | will retain without will | [MQTT-3.1.2-13]
4 | fresh server | 81 | 101000044d5154540442003c000163000170 | password without user name in 3.1.1 | [MQTT-3.1.2-22] of 3.1.1
3 | fresh server | 81 | 101200064d51497364700342003c000163000170 | password without user name in 3.1 | MQTT 3.1 section 3.1
4 | fresh server | 84 | 100d00044d5154540302003c000163 | protocol "MQTT" level 3 | [MQTT-3.1.2-1], [MQTT-3.1.2-2]
4 | fresh server | 84 | 100f00064d51497364700402003c000163 | protocol "MQIsdp" level 4 | [MQTT-3.1.2-1], [MQTT-3.1.2-2]
4 | fresh server | 84 | 100d00044d5154540602003c000163 | protocol "MQTT" level 6 | [MQTT-3.1.2-1], [MQTT-3.1.2-2]
4 | fresh server | 84 | 100d00044d5154540002003c000163 | protocol "MQTT" level 0 | [MQTT-3.1.2-1], [MQTT-3.1.2-2]
4 | fresh server | 84 | 100d00044d5154548402003c000163 | protocol "MQTT" level 132 | [MQTT-3.1.2-1], [MQTT-3.1.2-2]
4 | fresh server | 84 | 100f00064d51497364708302003c000163 | protocol "MQIsdp" level 131 | [MQTT-3.1.2-1], [MQTT-3.1.2-2]
4 | fresh server | 84 | 100d00046d7174740402003c000163 | protocol "mqtt" level 4 | [MQTT-3.1.2-1], [MQTT-3.1.2-2]
4 | fresh server | 84 | 100d0004485454500402003c000163 | protocol "HTTP" level 4 | [MQTT-3.1.2-1], [MQTT-3.1.2-2]
4 | fresh server | 84 | 100900000402003c000163 | protocol "" level 4 | [MQTT-3.1.2-1], [MQTT-3.1.2-2]
4 | fresh server | 81 | 100b0002fffe0402003c000163 | a protocol name that is no UTF-8 | [MQTT-1.5.4-1]
4 | fresh server | 81 | 1000 | no body | MQTT 5 section 3.1.2
4 | fresh server | 81 | 100600044d515454 | nothing after the protocol name | MQTT 5 section 3.1.2
4 | fresh server | 81 | 100700044d51545404 | nothing after the level | MQTT 5 section 3.1.2
4 | fresh server | 81 | 100900044d515454040200 | half a keep alive | MQTT 5 section 3.1.2.10
4 | fresh server | 81 | 100a00044d51545404020000 | no client identifier field | [MQTT-3.1.3-3]
4 | fresh server | 81 | 100d00044d5154540402003c000263 | a client identifier that does not fit | [MQTT-3.1.3-3]
4 | fresh server | 81 | 100f00044d5154540402003c0003610062 | a client identifier with U+0000 | [MQTT-1.5.4-2]
4 | fresh server | 81 | 100d00044d5154540402003c0001c3 | a client identifier that is no UTF-8 | [MQTT-3.1.3-4]
4 | fresh server | 81 | 100d00044d5154540406003c000163 | no will topic | [MQTT-3.1.2-9] of 3.1.1
4 | fresh server | 81 | 101000044d5154540406003c000163000177 | no will payload | [MQTT-3.1.2-9] of 3.1.1
4 | fresh server | 90 | 101100044d5154540406003c00016300000000 | an empty will topic | [MQTT-4.7.3-1]
4 | fresh server | 90 | 101400044d5154540406003c0001630003612f2b0000 | a will topic with + | [MQTT-4.7.1-1]
5 | fresh server | 90 | 101400044d5154540506003c00000163000001230000 | a will topic with # | [MQTT-4.7.1-1]
4 | fresh server | 81 | 101400044d5154540406003c0001630003eda0800000 | a will topic that is no UTF-8 | [MQTT-3.1.3-10] of 3.1.1
4 | fresh server | 81 | 100d00044d5154540482003c000163 | a user name that is announced and missing | [MQTT-3.1.2-19] of 3.1.1
4 | fresh server | 81 | 101000044d5154540482003c0001630001ff | a user name that is no UTF-8 | [MQTT-3.1.3-11] of 3.1.1
4 | fresh server | 81 | 101000044d51545404c2003c000163000175 | a password that is announced and missing | [MQTT-3.1.2-21] of 3.1.1
5 | fresh server | 81 | 101400044d51545405c2003c00000163000175000270 | a password that does not fit | MQTT 5 section 3.1.3.6
4 | fresh server | 81 | 100e00044d5154540402003c00016300 | a byte too many | MQTT 3.1.1 section 4.8
4 | fresh server | 81 | 101000044d5154540402003c000163000175 | a user name without its flag | [MQTT-3.1.2-18] of 3.1.1
5 | fresh server | 81 | 100a00044d51545405020000 | no property length | MQTT 5 section 3.1.2.11.1
5 | fresh server | 81 | 100e00044d5154540502003c20000163 | properties longer than the packet | MQTT 5 section 2.2.2.1
5 | fresh server | 81 | 101000044d5154540502003c022100000163 | a property that ends with the properties | MQTT 5 section 2.2.2.2
5 | fresh server | 81 | 100f00044d5154540502003c8000000163 | a property length that is longer than needed | [MQTT-1.5.5-1]
5 | fresh server | 81 | 101200044d5154540502003c8080808001000163 | a property length of five bytes | MQTT 5 section 1.5.5
5 | fresh server | 81 | 101000044d5154540502003c027f00000163 | an unknown property | MQTT 5 section 2.2.2.2
5 | fresh server | 81 | 101100044d5154540502003c03230001000163 | a property of PUBLISH | MQTT 5 section 2.2.2.2
5 | fresh server | 81 | 101300044d5154540502003c051800000001000163 | a property of the will | MQTT 5 section 2.2.2.2
5 | fresh server | 81 | 101900044d5154540506003c000001630511000000010001770000 | a property of CONNECT in the will | MQTT 5 section 2.2.2.2
5 | fresh server | 82 | 101800044d5154540502003c0a11000000011100000001000163 | Session Expiry Interval twice | MQTT 5 section 3.1.2.11
5 | fresh server | 82 | 101400044d5154540502003c06210001210001000163 | Receive Maximum twice | MQTT 5 section 3.1.2.11
5 | fresh server | 82 | 101800044d5154540502003c0a27000000012700000001000163 | Maximum Packet Size twice | MQTT 5 section 3.1.2.11
5 | fresh server | 82 | 101400044d5154540502003c06220000220000000163 | Topic Alias Maximum twice | MQTT 5 section 3.1.2.11
5 | fresh server | 82 | 101200044d5154540502003c0419001900000163 | Request Response Information twice | MQTT 5 section 3.1.2.11
5 | fresh server | 82 | 101200044d5154540502003c0417011701000163 | Request Problem Information twice | MQTT 5 section 3.1.2.11
5 | fresh server | 82 | 101400044d5154540502003c06150000150000000163 | Authentication Method twice | MQTT 5 section 3.1.2.11
5 | fresh server | 82 | 101100044d5154540502003c03210000000163 | Receive Maximum 0 | MQTT 5 section 3.1.2.11.3
5 | fresh server | 82 | 101300044d5154540502003c052700000000000163 | Maximum Packet Size 0 | MQTT 5 section 3.1.2.11.4
5 | fresh server | 82 | 101000044d5154540502003c021902000163 | Request Response Information 2 | MQTT 5 section 3.1.2.11.6
5 | fresh server | 82 | 101000044d5154540502003c021702000163 | Request Problem Information 2 | MQTT 5 section 3.1.2.11.7
5 | fresh server | 82 | 101200044d5154540502003c0416000178000163 | Authentication Data without a method | MQTT 5 section 3.1.2.11.10
5 | fresh server | 90 | 101a00044d5154540506003c0000016306080003722f230001770000 | a response topic of the will with a wildcard | [MQTT-3.3.2-14]
5 | fresh server | 81 | 101200044d5154540502003c0426000161000163 | a user property without its value | MQTT 5 section 1.5.7
5 | fresh server | 81 | 101400044d5154540502003c06260001800000000163 | a user property that is no UTF-8 | [MQTT-1.5.7-1]
`);
