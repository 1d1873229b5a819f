import { createHub, DurableStore } from "../../hosts/hub/index.ts";
import { serveBroker } from "./broker-requests.ts";

const [folder = ""] = process.argv.slice(2);
const hub = await createHub({
	listeners: { default: { type: "tcp", port: 0 } },
	allowAnonymous: true,
	connectionsPerAddress: 20_000,
	store: await DurableStore.open(folder),
});
const port = hub.addresses[0]?.port;
if (port === undefined) throw new Error("the hub has no listener");
serveBroker(port);
