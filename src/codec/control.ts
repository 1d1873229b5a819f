/** Control packet types (section 2.1.2): the high four bits of a packet's first byte. */
export const CONNECT = 1;
export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const PUBREC = 5;
export const PUBREL = 6;
export const PUBCOMP = 7;
export const SUBSCRIBE = 8;
export const SUBACK = 9;
export const UNSUBSCRIBE = 10;
export const UNSUBACK = 11;
export const PINGREQ = 12;
export const PINGRESP = 13;
export const DISCONNECT = 14;
export const AUTH = 15;

/** The will of a CONNECT has properties of its own; control packet type 0 does not exist and stands for it. */
export const WILL = 0;

/** Flags of a PUBLISH's first byte (section 3.3.1). */
export const QOS_FLAGS = 0x06;
export const DUP_FLAG = 0x08;
export const RETAIN_FLAG = 0x01;

/** Names by control packet type, for messages. */
export const NAMES: readonly string[] = (
	"reserved type 0,CONNECT,CONNACK,PUBLISH,PUBACK,PUBREC,PUBREL,PUBCOMP," +
	"SUBSCRIBE,SUBACK,UNSUBSCRIBE,UNSUBACK,PINGREQ,PINGRESP,DISCONNECT,AUTH"
).split(",");
