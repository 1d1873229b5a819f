import MQTTClient from "embedded:network/mqtt/client";
import config from "mc/config";
import { socket } from "security";

/** The SDK's client looks every host up: this one is an address. */
class Resolver {
	resolve({ host, onResolved }) {
		onResolved(host, host);
	}
}

const FIRST = 4;

/** What motehub.js does, with the SDK's own client. */
export default function main() {
	const left = { bytes: 0 };
	new MQTTClient({
		dns: { io: Resolver },
		socket: socket(),
		host: "127.0.0.1",
		port: config.port,
		id: "heap",
		keepalive: 60_000,
		onControl({ operation }) {
			if (operation === MQTTClient.CONNACK && config.subscribes) {
				this.write(null, { operation: MQTTClient.SUBSCRIBE, items: [{ topic: "heap/in" }] });
			} else if (operation === MQTTClient.CONNACK || operation === MQTTClient.SUBACK) {
				left.bytes = config.size - FIRST;
				this.write(new ArrayBuffer(FIRST), { topic: "heap/out", byteLength: config.size });
			}
		},
		onReadable(count) {
			this.read(count);
		},
		onWritable(count) {
			if (left.bytes === 0) return;
			const size = Math.min(count, left.bytes);
			left.bytes -= size;
			this.write(new ArrayBuffer(size));
		},
		onError() {
			trace("error\n");
		},
	});
}
