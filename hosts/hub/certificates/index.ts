export { runCert } from "./cert-command.ts";
export { CertificateRenewal } from "./renewal.ts";
