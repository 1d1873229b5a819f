// Made by the global setup of Jest: there is none to look at before the tests have run once.
declare module "*/build/tls-certificates.mjs" {
	const generated: import("./generated.ts").GeneratedCertificates;
	export default generated;
}
