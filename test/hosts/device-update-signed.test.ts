import { generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { BUILT } from "../../hosts/device/base.ts";
import { VERSION } from "../../hosts/device/firmware/version.ts";
import { IMAGE, OFFER, VirtualStation } from "./support/virtual-station.ts";

const owner = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
const NEWER = BUILT + 1;
const OLDER = BUILT - 1;

/** In hexadecimal, of these lines. */
function signed(lines: readonly (string | number)[], key: KeyObject): string {
	return sign("sha256", Buffer.from(lines.map((line) => `${line}\n`).join("")), key).toString("hex");
}

/** As README says it. */
function signedOffer(
	built: number,
	version = OFFER.version,
	key = owner.privateKey,
): Readonly<Record<string, unknown>> {
	return {
		version,
		built,
		signature: signed(["motehub-update", version, OFFER.size, OFFER.sha256, built], key),
	};
}

describe("a device with a key", () => {
	let station: VirtualStation;

	beforeEach(() => {
		station = new VirtualStation((statement, signature) => verify("sha256", statement, owner.publicKey, signature));
	});

	function faults(): readonly string[] {
		return station.said("diagnostics").map((text) => (JSON.parse(text) as { reason: string }).reason);
	}

	/** The version that Home Assistant sees offered. */
	function latest(): unknown {
		return (JSON.parse(station.said("firmware").at(-1) ?? "") as Record<string, unknown>).latest_version;
	}

	async function install(): Promise<void> {
		station.tell("command/firmware", "INSTALL");
		station.tell("update/image", IMAGE, true);
		await station.promises();
	}

	test("takes what was built after its own firmware, and is signed", async () => {
		station.offer(signedOffer(NEWER));
		expect(latest()).toBe("9.9.9");
		await install();
		expect(faults()).toEqual([]);
		expect(station.partition.bootsNew).toBe(true);
		expect(station.restarts).toBe(1);
	});

	test.each([
		["before its own firmware", OLDER],
		["with its own firmware", BUILT],
	])("refuses what was built %s, though its owner has signed it", async (_when, built) => {
		station.offer(signedOffer(built));
		await install();
		const times = `built at ${built}, is not newer than this one, built at ${BUILT}`;
		expect(faults()).toEqual([
			`the offered firmware, ${times}: to go back to it, build it again`,
			"no update is offered",
		]);
		expect(latest()).toBe(VERSION);
		expect(station.partition.opened).toBe(0);
	});

	test("goes back to an old version that was built again", async () => {
		station.offer(signedOffer(NEWER, "0.0.1"));
		await install();
		expect(faults()).toEqual([]);
		expect(station.partition.bootsNew).toBe(true);
	});

	test("keeps a newer offer when an older one is published after it", async () => {
		station.offer(signedOffer(NEWER));
		station.offer(signedOffer(OLDER, "0.0.1"));
		expect(latest()).toBe("9.9.9");
		await install();
		expect(faults()).toEqual([expect.stringContaining("is not newer")]);
		expect(station.partition.bootsNew).toBe(true);
	});

	test("says nothing against the offer that its own firmware came by, and installs it no second time", async () => {
		station.offer(signedOffer(BUILT, VERSION));
		expect(faults()).toEqual([]);
		await install();
		expect(faults()).toEqual(["no update is offered"]);
		expect(station.partition.opened).toBe(0);
	});

	test("says of an offer in the earlier form what it lacks", () => {
		const signature = signed(["motehub-update", OFFER.version, OFFER.size, OFFER.sha256], owner.privateKey);
		station.offer({ signature });
		station.offer({ signature, built: NEWER });
		expect(faults()).toEqual([
			'the offer has no "built", and a signed one must say when that was',
			"the offer's signature is not one by the key of this device's configuration",
		]);
	});

	test.each([
		["of another time", { ...signedOffer(OLDER), built: NEWER }],
		["of another version", { ...signedOffer(NEWER), version: "9.9.8" }],
		["by another key", signedOffer(NEWER, OFFER.version, stranger.privateKey)],
	])("refuses a signature %s", (_what, offer) => {
		station.offer(offer);
		expect(faults()).toEqual(["the offer's signature is not one by the key of this device's configuration"]);
		expect(latest()).toBe(VERSION);
	});
});

test("a device without a key takes an older firmware: who may publish could say any time", async () => {
	const station = new VirtualStation();
	station.offer({ built: OLDER });
	station.tell("command/firmware", "INSTALL");
	station.tell("update/image", IMAGE, true);
	await station.promises();
	expect(station.said("diagnostics")).toEqual([]);
	expect(station.partition.bootsNew).toBe(true);
});
