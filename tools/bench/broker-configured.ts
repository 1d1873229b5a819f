import { openSync, writeSync } from "node:fs";
import { loadSettings, startConfiguredHub } from "../../hosts/hub/index.ts";
import { openLog } from "../../hosts/hub/open-log.ts";
import { serveBroker } from "./broker-requests.ts";

/** The hub as `motehub --config FILE` starts it; its log goes to a file beside the configuration. */
const [file = ""] = process.argv.slice(2);
const { settings } = loadSettings(file);
const logFile = openSync(`${file}.log`, "a");
const log = openLog(settings.log, { isTTY: false, write: (text) => writeSync(logFile, text) });
const { hub } = await startConfiguredHub(settings, { log });
const portOf = (scheme: string) => hub.addresses.find(({ url }) => url.startsWith(`${scheme}://`))?.port;
const port = portOf("mqtt");
if (port === undefined) throw new Error("the hub has no listener for TCP");
serveBroker(port, portOf("http"));
