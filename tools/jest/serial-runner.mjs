import TestRunner from "jest-runner";

/** Jest's runner, one file after the other: tests with real sockets and whole engines would only disturb each other. */
export default class SerialRunner extends TestRunner {
	isSerial = true;
}
