/**
 * What Home Assistant's embedded broker was without further configuration, and so what `mqtt:` alone means. Its password
 * was Home Assistant's; without one the hub makes its own.
 */
export const EMBEDDED_DEFAULTS = {
	username: "homeassistant",
	tcp: { host: "0.0.0.0", port: 1883 },
	ws: { host: "0.0.0.0", port: 8080 },
	maxConnections: 50_000,
	protocol: "3.1.1",
} as const;
