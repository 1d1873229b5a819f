/** As much of mqtt-packet's constants as it needs to write what a device writes. */

export const USERNAME_MASK = 0x80;
export const PASSWORD_MASK = 0x40;
export const WILL_RETAIN_MASK = 0x20;
export const WILL_QOS_SHIFT = 3;
export const WILL_FLAG_MASK = 0x04;
export const CLEAN_SESSION_MASK = 0x02;
export const SUBSCRIBE_OPTIONS_NL = 0x04;
export const SUBSCRIBE_OPTIONS_RAP = 0x08;

export const CONNECT_HEADER = Uint8Array.of(0x10);
export const VERSION3 = Uint8Array.of(3);
export const VERSION4 = Uint8Array.of(4);
export const VERSION5 = Uint8Array.of(5);

/** By QoS, DUP and RETAIN: the one that is used. */
export const SUBSCRIBE_HEADER = { 1: [[Uint8Array.of(0x82)]] };
export const UNSUBSCRIBE_HEADER = { 1: [[Uint8Array.of(0xa2)]] };
export const SUBSCRIBE_OPTIONS_QOS = [0, 1, 2];
export const SUBSCRIBE_OPTIONS_RH = [0x00, 0x10, 0x20];
