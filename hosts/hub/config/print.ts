import { stringify } from "yaml";
import type { MqttOptions, StatusMessage, TopicRule } from "../../../src/config/index.ts";
import { endpointText } from "./endpoint.ts";
import { LIMIT_KEYS } from "./limit-settings.ts";
import type { AccessSettings, BridgeSettings, FiltersByUser, HubSettings, ListenerSettings } from "./settings.ts";

/**
 * The settings in force as a configuration of our own, whatever file they come from; passwords are masked. What is
 * absent there has no value.
 */
export function printSettings(settings: HubSettings): string {
	return stringify(settings.connection === undefined ? brokerOf(settings) : clientOf(settings), { lineWidth: 0 });
}

function clientOf(settings: HubSettings): unknown {
	return { mqtt: connectionOf(settings.connection), ...servicesOf(settings) };
}

function brokerOf(settings: HubSettings): unknown {
	return {
		listeners: Object.fromEntries(settings.listeners.map((listener) => [listener.name, listenerOf(listener)])),
		auth: authOf(settings),
		acl: accessOf(settings.access),
		bridges: Object.fromEntries(settings.bridges.map((bridge) => [bridge.name, bridgeOf(bridge)])),
		...servicesOf(settings),
	};
}

function listenerOf({ tls, webSocket, ...listener }: ListenerSettings): unknown {
	return {
		type: listener.type,
		bind: endpointText(listener),
		allow_anonymous: listener.allowAnonymous,
		max_connections: listener.maxConnections,
		max_packet: listener.maxPacket,
		certificate: tls?.certificate,
		key: tls?.key,
		ca: tls?.clientCa.file,
		ca_folder: tls?.clientCa.folder,
		ca_data: tls?.clientCa.text,
		require_certificate: tls && tls.clientCertificate === "required",
		use_identity_as_username: tls?.identityAsUsername,
		tls_version: tls?.minVersion,
		path: webSocket?.path,
		origins: webSocket?.origins,
	};
}

function authOf({ auth }: HubSettings): unknown {
	const users: Record<string, unknown> = {};
	for (const { name, kind, secret } of auth.users) {
		users[name] = kind === "hash" ? { hash: secret.toString() } : secret.toString();
	}
	return {
		check_passwords: auth.checkPasswords,
		users,
		password_file: auth.passwordFiles,
		generated_user: auth.generatedUser,
	};
}

function accessOf(access: AccessSettings): unknown {
	if (access.kind === "open") return undefined;
	if (access.kind === "acl") return { file: access.file };
	return { subscribe: byUser(access.subscribe), publish: byUser(access.publish), taboo: access.taboo };
}

function byUser(users: FiltersByUser | undefined): unknown {
	return users && Object.fromEntries(users.map(({ user, filters }) => [user, filters]));
}

function bridgeOf({ connection, topics, cleanSession, queueMessages }: BridgeSettings): unknown {
	return {
		...connectionOf(connection),
		topics: topics.map(ruleOf),
		clean_session: cleanSession,
		queue_messages: queueMessages,
	};
}

function ruleOf({ filter, direction, qos, localPrefix, remotePrefix }: TopicRule): unknown {
	return { filter, direction, qos, local_prefix: localPrefix, remote_prefix: remotePrefix };
}

function connectionOf(options: MqttOptions | undefined): Record<string, unknown> {
	const { tls } = options ?? {};
	return {
		broker: options?.broker,
		port: options?.port,
		client_id: options?.clientId,
		keepalive: options?.keepAlive,
		username: options?.username,
		password: options?.password?.toString(),
		protocol: options?.protocol,
		certificate: tls?.certificate,
		tls_insecure: tls?.insecure,
		tls_version: tls?.minVersion,
		tls_alpn: tls?.alpn,
		client_cert: tls?.client?.certificate,
		client_key: tls?.client?.key,
		birth_message: statusOf(options?.birthMessage),
		will_message: statusOf(options?.willMessage),
	};
}

function statusOf(message: StatusMessage | undefined): unknown {
	return message && { ...message };
}

function servicesOf({ store, limits, log, http, sysInterval, dataFolder }: HubSettings): Record<string, unknown> {
	return {
		store: { type: store.type, path: store.folder },
		limits: limitsOf(limits),
		log: { ...log },
		http: { bind: http.bind && endpointText(http.bind), metrics: http.metrics, health: http.health },
		sys_interval: sysInterval,
		data: dataFolder,
	};
}

const MILLISECONDS = ["connect_timeout", "stall_timeout"];
const FOREVER = 0xffff_ffff;

function limitsOf({ broker, connectionsPerAddress, messagesPerSecond, maxQos }: HubSettings["limits"]): unknown {
	const own = Object.entries(LIMIT_KEYS).map(([key, { field }]) => {
		const value = broker[field];
		if (key === "session_expiry" && value === FOREVER) return [key, "never"];
		return [key, MILLISECONDS.includes(key) ? value / 1_000 : value];
	});
	return {
		...Object.fromEntries(own),
		connections_per_address: connectionsPerAddress,
		messages_per_second: messagesPerSecond,
		max_qos: maxQos,
	};
}
