/** What `expect` prints of a thrown error's stack: nothing, since the runner maps stacks to sources afterwards. */

export function formatExecError(error: { readonly message?: string }): string {
	return error.message ?? "";
}

export function formatStackTrace(): string {
	return "";
}

export function separateMessageFromStack(content: string): { message: string; stack: string } {
	return { message: content, stack: "" };
}
