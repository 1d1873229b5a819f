import { DataFolderError, openDataFolder } from "../data-folder.ts";
import { CertificateFolder } from "./certificate-folder.ts";
import { ensureCertificates } from "./home-certificates.ts";
import { namesOfThisHost, parseHostName, unique } from "./host-names.ts";

/** What `motehub cert` asks for. */
export interface CertRequest {
	readonly dataFolder: string;
	/** Names and addresses beside those of this machine. */
	readonly names: readonly string[];
}

interface Output {
	write(text: string): unknown;
}

/**
 * Makes the home's CA and a server certificate, or renews them when they need it, and says where they are. Gives the
 * exit code: 0, 1 for what failed, 2 for what makes no sense.
 */
export async function runCert({ dataFolder, names }: CertRequest, stdout: Output, stderr: Output): Promise<number> {
	const extra = names.map(parseHostName);
	const wrong = names.find((_, index) => extra[index] === undefined);
	if (wrong !== undefined) {
		stderr.write(`error: "${wrong}" is neither a host name nor an address\n`);
		return 2;
	}
	try {
		openDataFolder(dataFolder);
		const wanted = unique([...namesOfThisHost(), ...extra.filter((name) => name !== undefined)]);
		stdout.write(await describe(new CertificateFolder(dataFolder), wanted));
		return 0;
	} catch (error) {
		if (!(error instanceof DataFolderError)) throw error;
		stderr.write(`error: ${error.message}\n`);
		return 1;
	}
}

async function describe(folder: CertificateFolder, wanted: readonly string[]): Promise<string> {
	const made = await ensureCertificates(folder, wanted);
	const state = (isNew: boolean) => (isNew ? "made now" : "kept");
	return [
		`CA for devices       ${folder.authority} (${state(made.madeAuthority)}, valid to ${day(made.authorityValidTo)})`,
		`server certificate   ${folder.server} (${state(made.madeServer)}, valid to ${day(made.serverValidTo)})`,
		`it is for            ${made.names.join(", ")}`,
		"Give devices and clients the CA file. Keep ca-key.pem secret: who has it can pass for this hub.",
		"",
	].join("\n");
}

function day(date: Date): string {
	return date.toISOString().slice(0, 10);
}
