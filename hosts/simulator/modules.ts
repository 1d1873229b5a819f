/** The script's first module, from the project's folder. */
export const BOOT = "hosts/simulator/stand-ins/boot.ts";

/** Which file each of the device's modules is in the simulator, from the project's folder: what a manifest's `modules` says. */
export const MODULES: Readonly<Record<string, string>> = {
	main: "hosts/device/firmware/main.ts",
	board: "hosts/simulator/stand-ins/board.ts",
	sensor: "hosts/device/firmware/sensors/climate-model.ts",
	"embedded:io/socket/tcp": "hosts/simulator/stand-ins/tcp.ts",
	"embedded:io/socket/udp": "hosts/simulator/stand-ins/udp.ts",
	"embedded:network/interface/wifi": "hosts/simulator/stand-ins/wifi.ts",
	"embedded:storage/key-value": "hosts/simulator/stand-ins/key-value.ts",
	"mc/config": "hosts/simulator/stand-ins/config.ts",
	net: "hosts/simulator/stand-ins/net.ts",
	time: "hosts/simulator/stand-ins/time.ts",
	timer: "hosts/simulator/stand-ins/timer.ts",
};
