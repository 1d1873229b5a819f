import { join } from "node:path";
import { nameFiles, writeBundle } from "../ca/bundle.ts";
import { commonRoots } from "../ca/roots.ts";
import { projectFolder } from "../device/project-folder.ts";
import { type Archive, archive } from "../moddable/archive.ts";
import { writeBuildManifest } from "../moddable/build-manifest.ts";
import { ModdableSdk, SdkMissing } from "../moddable/sdk.ts";

/** What the firmware with TLS and the usual roots takes of an ESP32's flash. Undefined without an SDK that can tell. */
export async function measureFlash(): Promise<Archive | undefined> {
	const sdk = findSdk();
	if (sdk === undefined) return undefined;
	const certificate = join(projectFolder(), "build/size-ca");
	writeBundle(certificate, nameFiles(commonRoots()));
	return archive(sdk, writeBuildManifest({ certificate }, "size"));
}

function findSdk(): ModdableSdk | undefined {
	if (process.platform !== "linux") return undefined;
	try {
		return ModdableSdk.find();
	} catch (error) {
		if (error instanceof SdkMissing) return undefined;
		throw error;
	}
}
