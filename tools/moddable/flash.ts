import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FlashOptions } from "./options.ts";
import { outputFolder } from "./output.ts";
import { type ModdableSdk, SdkMissing } from "./sdk.ts";

/** Builds the firmware whose manifest lies in `folder`, and writes it to the board. Returns mcconfig's exit code. */
export async function flash(sdk: ModdableSdk, folder: string, { platform, serialPort }: FlashOptions): Promise<number> {
	checkIdf(sdk.environment.IDF_PATH);
	const child = spawn("mcconfig", ["-m", "-p", platform, "-o", outputFolder()], {
		cwd: folder,
		env: { ...sdk.environment, ...(serialPort !== undefined && { UPLOAD_PORT: serialPort }) },
		stdio: "inherit",
	});
	return new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("close", (code) => resolve(code ?? 1));
	});
}

function checkIdf(folder: string | undefined): void {
	if (folder && existsSync(join(folder, "export.sh"))) return;
	const fault = folder ? `no ESP-IDF in ${folder}, which IDF_PATH names` : "IDF_PATH is not set";
	throw new SdkMissing(`${fault}: install the ESP-IDF with \`npx xs-dev setup --device esp32\`, and open a new shell`);
}
