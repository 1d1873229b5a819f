import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Aedes } from "aedes";
import { serveBroker } from "./broker-requests.ts";

const broker = await Aedes.createBroker();
const server = createServer({ noDelay: true }, broker.handle);
server.listen(0, "127.0.0.1");
await once(server, "listening");
serveBroker((server.address() as AddressInfo).port);
