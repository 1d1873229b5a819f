import type { Broker } from "./broker.ts";
import { storeSubscription, unstoreSubscription } from "./storage.ts";
import type { Subscription } from "./subscription.ts";

/** Adds a subscription, in place of an earlier one of the session to the same filter [MQTT-3.8.4-3]. */
export function subscribe(broker: Broker, subscription: Subscription): void {
	addSubscription(broker, subscription);
	storeSubscription(broker, subscription);
}

/** The same for one that the store has already. */
export function addSubscription(broker: Broker, subscription: Subscription): void {
	const { session, filter } = subscription;
	if (!session.subscriptions.has(filter)) count(broker, filter, 1);
	session.subscriptions.set(filter, subscription);
	broker.routes.add(subscription);
}

export function unsubscribe(broker: Broker, subscription: Subscription): void {
	const { session, filter } = subscription;
	session.subscriptions.delete(filter);
	broker.routes.remove(subscription);
	unstoreSubscription(broker, subscription);
	count(broker, filter, -1);
}

function count(broker: Broker, filter: string, change: 1 | -1): void {
	broker.stats.subscriptions += change;
	if (filter.startsWith("$share/")) broker.stats.sharedSubscriptions += change;
}
