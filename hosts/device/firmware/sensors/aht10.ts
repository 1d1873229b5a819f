import AHT10 from "embedded:sensor/Humidity-Temperature/AHT10";
import type { Reading, Sensor } from "../sensor.ts";

/** An AHT10 on the board's default I2C pins. */
export default function openSensor(): Sensor {
	return new Aht10();
}

class Aht10 implements Sensor {
	/** Opened when it is first read, and again after a failure: a sensor may be plugged in late. */
	#driver: AHT10 | undefined;

	read(): Reading {
		try {
			this.#driver ??= new AHT10({ sensor: device.I2C.default });
			const { thermometer, hygrometer } = this.#driver.sample();
			return { temperature: thermometer.temperature, humidity: hygrometer.humidity };
		} catch (error) {
			this.#driver?.close();
			this.#driver = undefined;
			throw error;
		}
	}
}
