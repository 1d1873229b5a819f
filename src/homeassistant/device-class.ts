/**
 * A device class that is not held to the lists of this file: one that Home Assistant has learnt since, or that may have
 * other units by now, or that is known at run time alone. `deviceClass: row.deviceClass as Unlisted` takes any unit with
 * it. Home Assistant drops an entity whose device class it does not know, or whose unit does not go with it.
 */
export type Unlisted = string & { readonly unlisted: true };

// What compilers say of a wrong unit names the right ones, unless these have a name of their own: hence no aliases here.
/**
 * The units of each device class of sensors and numbers, as Home Assistant 2026.10 has them: `DEVICE_CLASS_UNITS` in its
 * sensor/const.py and number/const.py. It writes "micro" as U+03BC, and takes U+00B5 of keyboards as well, but for amperes.
 */
export interface DeviceClassUnits {
	absolute_humidity: "g/m³" | "mg/m³";
	apparent_power: "mVA" | "VA" | "kVA";
	area: "mm²" | "cm²" | "m²" | "km²" | "ha" | "in²" | "ft²" | "yd²" | "mi²" | "ac";
	atmospheric_pressure: DeviceClassUnits["pressure"];
	battery: "%";
	blood_glucose_concentration: "mg/dL" | "mmol/L";
	carbon_dioxide: "ppm";
	carbon_monoxide: "ppb" | "ppm" | "mg/m³" | DeviceClassUnits["pm25"];
	conductivity: "\u03bcS/cm" | "\u00b5S/cm" | "mS/cm" | "S/cm";
	current: "\u03bcA" | "mA" | "A";
	data_rate: `${"" | "k" | "M" | "G"}bit/s` | `${"" | "k" | "M" | "G" | "Ki" | "Mi" | "Gi"}B/s`;
	data_size:
		| `${"" | "k" | "M" | "G"}bit`
		| `${"" | "k" | "M" | "G" | "T" | "P" | "E" | "Z" | "Y" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei" | "Zi" | "Yi"}B`;
	distance: "mm" | "cm" | "m" | "km" | "in" | "ft" | "yd" | "mi" | "nmi";
	duration: "\u03bcs" | "\u00b5s" | "ms" | "s" | "min" | "h" | "d";
	energy: `${"m" | "" | "k" | "M" | "G" | "T"}Wh` | `${"" | "k" | "M" | "G"}${"J" | "cal"}` | "thm";
	energy_distance: "kWh/100km" | "Wh/km" | "km/kWh" | "mi/kWh";
	energy_storage: DeviceClassUnits["energy"];
	frequency: "mHz" | "Hz" | "kHz" | "MHz" | "GHz";
	gas: "L" | "m³" | "ft³" | "CCF" | "MCF";
	humidity: "%";
	illuminance: "lx";
	irradiance: "W/m²" | "BTU/(h⋅ft²)";
	moisture: "%";
	nitrogen_dioxide: "ppb" | "ppm" | DeviceClassUnits["pm25"];
	nitrogen_monoxide: "ppb" | DeviceClassUnits["pm25"];
	nitrous_oxide: DeviceClassUnits["pm25"];
	ozone: "ppb" | "ppm" | DeviceClassUnits["pm25"];
	pm1: DeviceClassUnits["pm25"];
	pm10: DeviceClassUnits["pm25"];
	pm25: "\u03bcg/m³" | "\u00b5g/m³";
	pm4: DeviceClassUnits["pm25"];
	power: "mW" | "W" | "kW" | "MW" | "GW" | "TW";
	precipitation: "mm" | "cm" | "in";
	precipitation_intensity: "mm/h" | "mm/d" | "in/h" | "in/d";
	pressure: "mPa" | "Pa" | "hPa" | "kPa" | "mbar" | "cbar" | "bar" | "mmHg" | "inHg" | "inH₂O" | "psi" | "atm";
	radon: "Bq/m³" | "pCi/L";
	reactive_energy: "varh" | "kvarh";
	reactive_power: "mvar" | "var" | "kvar";
	signal_strength: "dB" | "dBm";
	sound_pressure: "dB" | "dBA";
	speed: DeviceClassUnits["wind_speed"] | DeviceClassUnits["precipitation_intensity"];
	sulphur_dioxide: "ppb" | DeviceClassUnits["pm25"];
	temperature: "°C" | "°F" | "K";
	temperature_delta: DeviceClassUnits["temperature"];
	volatile_organic_compounds: "mg/m³" | DeviceClassUnits["pm25"];
	volatile_organic_compounds_parts: "ppb" | "ppm";
	voltage: "\u03bcV" | "\u00b5V" | "mV" | "V" | "kV" | "MV";
	volume: DeviceClassUnits["water"] | "mL" | "fl. oz.";
	volume_flow_rate: "mL/s" | `${"L" | "m³"}/${"s" | "min" | "h"}` | "ft³/min" | `gal/${"min" | "h" | "d"}`;
	volume_storage: DeviceClassUnits["volume"];
	water: DeviceClassUnits["gas"] | "gal";
	weight: "\u03bcg" | "\u00b5g" | "mg" | "g" | "kg" | "oz" | "lb" | "st";
	wind_direction: "°";
	wind_speed: "mm/s" | "m/s" | "m/min" | "km/h" | "in/s" | "ft/s" | "mph" | "kn" | "Beaufort";
}

/** Those that need no unit. */
export interface OptionalUnits {
	aqi: never;
	/** A currency by its ISO 4217 code. */
	monetary: string;
	ph: never;
	power_factor: "%";
}

/** The state classes of what is not only measured: `DEVICE_CLASS_STATE_CLASSES` in the same sensor/const.py. */
interface StateClasses {
	area: "measurement" | StateClasses["energy"];
	data_size: StateClasses["area"];
	distance: StateClasses["area"];
	duration: StateClasses["area"];
	energy: "total" | "total_increasing";
	gas: StateClasses["energy"];
	monetary: "total";
	precipitation: StateClasses["area"];
	reactive_energy: StateClasses["energy"];
	volume: StateClasses["energy"];
	water: StateClasses["energy"];
	weight: StateClasses["area"];
	wind_direction: "measurement_angle";
}

export type StateClass = StateClasses[keyof StateClasses];
export type StateClassOf<DeviceClass> = DeviceClass extends keyof StateClasses
	? StateClasses[DeviceClass]
	: "measurement";

export type BinarySensorDeviceClass =
	| ("battery" | "battery_charging" | "carbon_monoxide" | "cold" | "connectivity" | "door" | "garage_door" | "gas")
	| ("glass_break" | "heat" | "light" | "lock" | "moisture" | "motion" | "moving" | "occupancy" | "opening" | "plug")
	| ("power" | "presence" | "problem" | "running" | "safety" | "smoke" | "sound" | "tamper" | "update" | "vibration")
	| "window";
