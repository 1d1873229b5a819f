/** Lines of mosquitto.conf, one of which is in almost every such file. In YAML a colon would follow the word. */
const LINE =
	/^(?:acl_file|allow_anonymous|bind_address|connection|include_dir|listener|log_dest|log_type|password_file|per_listener_settings|persistence|persistence_location|pid_file|port|user) \S/m;

/** Where the text turns out to be Mosquitto's configuration: an offset. Undefined: it does not. */
export function mosquittoLine(text: string): number | undefined {
	return LINE.exec(text)?.index;
}
