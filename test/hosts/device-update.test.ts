import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { ImageError, ImageWriter } from "../../hosts/device/update/image-writer.ts";
import { type Offer, readOffer, statementOf } from "../../hosts/device/update/offer.ts";
import { Trial } from "../../hosts/device/update/trial.ts";
import { StoreError } from "../../src/ports/index.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { UpdatePartition } from "./support/update-partition.ts";

const IMAGE = Buffer.from("a new firmware, better than the old one");
const SHA256 = createHash("sha256").update(IMAGE).digest("hex");
const OFFER: Offer = { version: "2.0.0", size: IMAGE.length, sha256: SHA256 };

describe("an offer", () => {
	test("says which image it is, and where", () => {
		const offer = { ...OFFER, sha256: SHA256.toUpperCase(), topic: "images/station", summary: "Fewer bugs." };
		expect(readOffer(Buffer.from(JSON.stringify({ ...offer, more: 1 })))).toEqual({ ...offer, sha256: SHA256 });
		expect(readOffer(Buffer.from(JSON.stringify(OFFER)))).toEqual(OFFER);
	});

	test.each<[string, unknown, string]>([
		["nothing", undefined, "no JSON object"],
		["text", "2.0.0", "no JSON object"],
		["null", null, "no JSON object"],
		["no version", { ...OFFER, version: undefined }, '"version"'],
		["an empty version", { ...OFFER, version: "" }, '"version"'],
		["no size", { ...OFFER, size: undefined }, '"size"'],
		["half a byte", { ...OFFER, size: 0.5 }, '"size"'],
		["no byte", { ...OFFER, size: 0 }, '"size"'],
		["a short digest", { ...OFFER, sha256: SHA256.slice(1) }, '"sha256"'],
		["a digest that is none", { ...OFFER, sha256: `g${SHA256.slice(1)}` }, '"sha256"'],
		["a topic that is none", { ...OFFER, topic: 1 }, '"topic"'],
		["a topic with a wildcard", { ...OFFER, topic: "images/#" }, '"topic"'],
		["a signature that is none", { ...OFFER, signature: "signed" }, '"signature"'],
		["half a signature", { ...OFFER, signature: "304" }, '"signature"'],
		["a long signature", { ...OFFER, signature: "30".repeat(73) }, '"signature"'],
		["a date in words", { ...OFFER, built: "2026-11-23" }, '"built"'],
		["a time in ms", { ...OFFER, built: 1_795_385_289_000 }, '"built"'],
		["half a second", { ...OFFER, built: 0.5 }, '"built"'],
		["a time before all times", { ...OFFER, built: -1 }, '"built"'],
		["a novel", { ...OFFER, summary: "x".repeat(256) }, '"summary"'],
	])("with %s is refused", (_what, offer, fault) => {
		expect(readOffer(Buffer.from(JSON.stringify(offer) ?? ""))).toEqual({ fault: expect.stringContaining(fault) });
	});

	test("may be signed: the five lines that README says", () => {
		const signature = "304502FF";
		const built = 1_795_385_289;
		expect(readOffer(Buffer.from(JSON.stringify({ ...OFFER, built, signature })))).toEqual({
			...OFFER,
			built,
			signature: Uint8Array.of(0x30, 0x45, 0x02, 0xff),
		});
		const statement = Buffer.from(statementOf(OFFER, built)).toString();
		expect(statement).toBe(`motehub-update\n2.0.0\n39\n${SHA256}\n1795385289\n`);
	});

	test("that is no UTF-8 is refused", () => {
		expect(readOffer(Uint8Array.of(0xff))).toEqual({ fault: expect.stringContaining("no JSON") });
	});
});

describe("an image", () => {
	let partition: UpdatePartition;

	beforeEach(() => {
		partition = new UpdatePartition(IMAGE.length);
	});

	function install(image: Uint8Array, piece = 7): void {
		const writer = new ImageWriter(OFFER, partition);
		try {
			for (let at = 0; at < image.length; at += piece) writer.write(image.subarray(at, at + piece), at);
			writer.complete();
		} finally {
			writer.close();
		}
	}

	test.each([1, 7, 1_000])("in pieces of %d bytes is what starts next", (piece) => {
		install(IMAGE, piece);
		expect(partition.written).toEqual(IMAGE);
		expect(partition.bootsNew).toBe(true);
		expect(partition.isOpen).toBe(false);
	});

	test.each<[string, Uint8Array, string]>([
		["that is cut short", IMAGE.subarray(1), "38 bytes, and 39 were offered"],
		["that is too long", Buffer.concat([IMAGE, IMAGE]), "more than 39 bytes"],
		["with a flipped bit", IMAGE.map((byte, at) => (at === 9 ? byte ^ 1 : byte)), "SHA-256"],
	])("%s never starts", (_what, image, message) => {
		expect(() => install(image)).toThrow(ImageError);
		expect(() => install(image)).toThrow(message);
		expect(partition.bootsNew).toBe(false);
		expect(partition.isOpen).toBe(false);
	});

	test.each(["open", "write", "complete"] as const)("is not installed when the flash refuses to %s", (what) => {
		partition.fails = what;
		expect(() => install(IMAGE)).toThrow(ImageError);
		expect(() => install(IMAGE)).toThrow("flash says no");
		expect(partition.bootsNew).toBe(false);
		expect(partition.isOpen).toBe(false);
	});

	test("with a piece that is out of order is given up", () => {
		const writer = new ImageWriter(OFFER, partition);
		writer.write(IMAGE.subarray(0, 5), 0);
		expect(() => writer.write(IMAGE.subarray(10, 15), 10)).toThrow("bytes came for 10 where 5 was due");
	});
});

describe("a new firmware on trial", () => {
	const TEN_MINUTES = 600_000;

	function boot(version: string, store = new MemoryStore(), clock = new VirtualClock()) {
		const told: string[] = [];
		const trial = new Trial({
			store,
			clock,
			version,
			confirm: () => told.push("confirmed"),
			restart: () => told.push("restart"),
			onFault: (reason) => told.push(reason),
		});
		return { trial, told, store, clock };
	}

	/** The first start of version 2 after version 1 has installed it. */
	function firstStart() {
		const { trial, store } = boot("1");
		trial.begin("2");
		const started = boot("2", store);
		started.trial.start();
		return started;
	}

	test("is confirmed once it is online, and left alone", () => {
		const { trial, told, store, clock } = firstStart();
		trial.passed();
		trial.passed();
		clock.advance(TEN_MINUTES);
		expect(told).toEqual(["confirmed"]);
		expect(store.records.size).toBe(0);
	});

	test("gives way to the one before if it is not online in ten minutes, which is reported then", () => {
		const { told, store, clock } = firstStart();
		clock.advance(TEN_MINUTES - 1);
		expect(told).toEqual([]);
		clock.advance(1);
		expect(told).toEqual(["restart"]);
		const before = boot("1", store);
		before.trial.start();
		expect(before.told).toEqual(["version 2 was not online before the next start: 1 is back"]);
		expect(store.records.size).toBe(0);
	});

	test("does not restart for ever where the bootloader goes back to nothing", () => {
		const { store } = firstStart();
		const again = boot("2", store);
		again.trial.start();
		again.clock.advance(TEN_MINUTES);
		expect(again.told).toEqual([]);
		expect(store.records.size).toBe(0);
	});

	test("gives way also when flash refuses to keep that it was started", () => {
		const { trial, store } = boot("1");
		trial.begin("2");
		store.set = () => {
			throw new StoreError("worn out");
		};
		const { trial: started, told, clock } = boot("2", store);
		started.start();
		clock.advance(TEN_MINUTES);
		expect(told).toEqual(["StoreError: worn out", "restart"]);
	});

	test("is confirmed also when flash refuses", () => {
		const { trial, told, store } = firstStart();
		store.delete = () => {
			throw new StoreError("worn out");
		};
		trial.passed();
		expect(told).toEqual(["confirmed", "StoreError: worn out"]);
	});
});
