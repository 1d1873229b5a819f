/** Whether every topic that `asked` matches is one that `allowed` matches. Both valid filters, without `$share`. */
export function covers(allowed: string, asked: string): boolean {
	if (allowed.startsWith("$") !== asked.startsWith("$")) return false; // [MQTT-4.7.2-1]
	const allowedLevels = allowed.split("/");
	const askedLevels = asked.split("/");
	for (const [index, level] of allowedLevels.entries()) {
		if (level === "#") return true;
		const other = askedLevels[index];
		if (other === undefined || other === "#") return false;
		if (level !== "+" && level !== other) return false;
	}
	return askedLevels.length === allowedLevels.length;
}
