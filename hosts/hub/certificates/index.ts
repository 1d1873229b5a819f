export { type CertRequest, runCert } from "./cert-command.ts";
export { CertificateRenewal } from "./renewal.ts";
