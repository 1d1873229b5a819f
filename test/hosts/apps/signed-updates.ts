import { tcpToBroker } from "../../../hosts/device/firmware/network.ts";
import { runFirmware } from "../../../hosts/device/firmware/start.ts";

/**
 * The firmware with signed updates. The engine has no cryptography: the signature of a statement is its octets turned
 * round, the last 72 of them.
 */
export default function main(): void {
	runFirmware({
		openTransport: tcpToBroker,
		verifierFor: () => (statement, signature) => {
			const expected = statement.slice(-72).reverse();
			return signature.length === expected.length && expected.every((octet, at) => octet === signature[at]);
		},
	});
}
