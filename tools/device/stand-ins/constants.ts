/** As much of mqtt-packet's constants as it needs to write what a device writes. */

export const USERNAME_MASK = 0x80;
export const WILL_RETAIN_MASK = 0x20;
export const WILL_QOS_SHIFT = 3;
export const WILL_FLAG_MASK = 0x04;
export const CLEAN_SESSION_MASK = 0x02;
export const SUBSCRIBE_OPTIONS_NL = 0x04;
export const SUBSCRIBE_OPTIONS_RAP = 0x08;
