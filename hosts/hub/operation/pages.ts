import type { Page, Pages } from "../http-page.ts";
import { isHealthy, type Vitals } from "./health.ts";
import type { Metrics } from "./metrics.ts";

export interface OperationPages {
	/** `/metrics`. Default true. */
	readonly metrics?: boolean;
	/** `/health`. Default true. */
	readonly health?: boolean;
}

/** The pages for who watches the hub. They tell no names of clients, no topics, and no secrets. */
export function operationPages(wanted: OperationPages, metrics: Metrics, vitals: () => Vitals): Pages {
	return {
		...(wanted.metrics !== false && { "/metrics": () => metricsPage(metrics) }),
		...(wanted.health !== false && { "/health": () => healthPage(vitals()) }),
	};
}

async function metricsPage(metrics: Metrics): Promise<Page> {
	return { status: 200, contentType: metrics.contentType, text: await metrics.text() };
}

/** 200 when the hub can do its work, 503 when not. */
function healthPage(vitals: Vitals): Page {
	const healthy = isHealthy(vitals);
	const state = {
		status: healthy ? "ok" : "failing",
		listeners: vitals.listeners,
		store: vitals.storeTrouble === undefined ? "ok" : "takes no writes",
		uptime: Math.floor(process.uptime()),
	};
	return { status: healthy ? 200 : 503, contentType: "application/json", text: `${JSON.stringify(state)}\n` };
}
