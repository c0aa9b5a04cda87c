/** The entries of a list that a person typed, `a, b,` → `a` and `b`. */
export function splitAtCommas(text: string): string[] {
	return text
		.split(',')
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}

/** `first%20frame` → `first frame`; a text with stray percent signs stays as it is. */
export function decodePercents(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
