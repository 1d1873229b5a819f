/** One measurement. */
export interface Reading {
	/** °C */
	readonly temperature: number;
	/** Relative, in %. */
	readonly humidity: number;
}

/** A thermometer and hygrometer. The manifest says which module of `sensors/` is `sensor`. */
export interface Sensor {
	/** Throws when the sensor does not answer, or answers nonsense. */
	read(): Reading;
}
