/** A password, and its hash as password files have it. */
export interface PasswordVector {
	readonly password: string;
	readonly hash: string;
}

/** crypt(3): the test vectors of its specification ("Unix crypt using SHA-256 and SHA-512", U. Drepper). */
export const CRYPT_PASSWORDS: readonly PasswordVector[] = [
	{
		password: "Hello world!",
		hash: "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
	},
	{
		password: "Hello world!",
		hash: "$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
	},
	{
		password: "This is just a test",
		hash: "$5$rounds=5000$toolongsaltstrin$Un/5jzAHMgOGZ5.mWJpuVolil07guHPvOW8mGRcvxa5",
	},
	{
		password: "a very much longer text to encrypt.  This one even stretches over morethan one line.",
		hash: "$5$rounds=1400$anotherlongsalts$Rx.j8H.h8HjEDGomFU8bDkXm3XIUnzyxf12oP84Bnq1",
	},
	{
		password: "we have a short salt string but not a short password",
		hash: "$5$rounds=77777$short$JiO1O3ZpDAxGJeaDIuqCoEFysAe1mZNJRs3pw0KQRd/",
	},
	{
		password: "a short string",
		hash: "$5$rounds=123456$asaltof16chars..$gP3VQ/6X7UUEW3HkBn2w1/Ptq2jxPyzV/cZKmF/wJvD",
	},
	{
		password: "the minimum number is still observed",
		hash: "$5$rounds=1000$roundstoolow$yfvwcWrQ8l/K0DAWyuPMDNHpIVlTQebY9l/gL972bIC",
	},
	{
		password: "Hello world!",
		hash: "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
	},
	{
		password: "Hello world!",
		hash: "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.",
	},
	{
		password: "This is just a test",
		hash: "$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0",
	},
	{
		password: "a very much longer text to encrypt.  This one even stretches over morethan one line.",
		hash: "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1",
	},
	{
		password: "we have a short salt string but not a short password",
		hash: "$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0",
	},
	{
		password: "a short string",
		hash: "$6$rounds=123456$asaltof16chars..$BtCwjqMJGx5hrJhZywWvt0RLE8uZ4oPwcelCjmw2kSYu.Ec6ycULevoBK25fs2xXgMNrCzIMVcgEJAstJeonj1",
	},
	{
		password: "the minimum number is still observed",
		hash: "$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.",
	},
];

/** As passlib writes them for HBMQTT: many rounds. */
export const PASSLIB_PASSWORD: PasswordVector = {
	password: "geheim",
	hash: "$6$rounds=656000$hbmqttsaltsalt12$95IHyElm6NPOSvkTIR5swube/jiDjUxSOpZ1sHvmDz08yPLwwOWrebDtH8X3NyCP4OuqQjQdpUxSa4eF6lCrl1",
};

/** Written by mosquitto_passwd 2.0.11, the second with `-H sha512`. */
export const MOSQUITTO_PASSWORDS: readonly PasswordVector[] = [
	{
		password: "secret",
		hash: "$7$101$L/NjtLalOsdzB3Xi$ENVuZRJHDVzsFZXg0oZ3QmgW8wxV+8TfWp9M/Sup2LLcIe9WgSo0PRH/nuod7iDTdLBzAPCFqhvGRkoMpfmkXQ==",
	},
	{
		password: "geheim€",
		hash: "$6$SlrFlvnnciKwhh4b$NJFkioLYdPIO/uoUOdTtlKaBW3TTn7gns65tNvLgWjriEspSipl7PCJJxX32jPY1qdiQWqoS+77WjLO1g1G0mA==",
	},
];

/** From the test of the Argon2 reference implementation. */
export const ARGON2_PASSWORD: PasswordVector = {
	password: "password",
	hash: "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
};
