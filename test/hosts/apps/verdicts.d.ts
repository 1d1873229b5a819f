/** Written by the test that builds the application: signatures that Node found to be good. All octets in hexadecimal. */
declare module "verdicts" {
	const verdicts: readonly {
		readonly algorithm: import("../../../src/tls/index.ts").SignatureAlgorithm;
		readonly signed: string;
		readonly signature: string;
		/** A certificate with the key that signed. */
		readonly issuer: string;
	}[];
	export default verdicts;
}
