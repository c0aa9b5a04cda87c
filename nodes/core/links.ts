import { GenerationError } from './errors';
import { splitAtCommas } from './text';

/** Where a run's credentials may go and from where files may be fetched. */
export interface LinkRules {
	/** Base URL of the server, as the credential gives it. */
	baseUrl: string;
	/** Hosts (`host` or `host:port`, lower case) of private storage that the user allows. */
	allowedDownloadHosts: readonly string[];
}

/** One step of a download: where to, and whether credentials may go along. */
export interface Hop {
	url: string;
	withCredentials: boolean;
}

/**
 * An ID as one part of a path; it may hold `:`, `=`, `+` and `/` (wire facts 2.1), so it is encoded.
 * Throws GenerationError `invalidInput` for what no address can carry: dots alone lead to another place, however they are
 * encoded, and half a character has no encoding.
 * @param owner what the ID belongs to, for the message
 */
export function pathSegment(id: string, owner: string): string {
	const isDots = /^\.{1,2}$/.test(id);
	const hasHalfCharacters = /\p{Surrogate}/u.test(id);
	if (isDots || hasHalfCharacters || id === '') {
		throw new GenerationError('invalidInput', `"${id}" cannot be the ID of a ${owner}`);
	}
	return encodeURIComponent(id);
}

/**
 * The address of an API call: a path below the base URL, or an absolute URL as it is.
 * The base URL may end in a slash or not.
 */
export function resolveUrl(baseUrl: string, pathOrUrl: string): string {
	if (/^https?:\/\//i.test(pathOrUrl)) return pathOrUrl;
	return `${baseUrl.replace(/\/+$/, '')}/${pathOrUrl.replace(/^\/+/, '')}`;
}

/**
 * A link found in an answer, made absolute: `/files/x.mp4` belongs to the origin of the server.
 * @param ownPaths paths of the server's own files: a server behind a proxy may name itself by an address of its own
 *   network, e.g. `http://127.0.0.1:8000/tmp/x.png`
 * Throws GenerationError `downloadFailed` for what is no address.
 */
export function absoluteLink(baseUrl: string, link: string, ownPaths: readonly string[] = []): string {
	try {
		const url = new URL(link, `${originOf(baseUrl)}/`);
		const isOwn = isPrivateHost(url.hostname) && ownPaths.some((path) => url.pathname.startsWith(path));
		return isOwn ? new URL(`${url.pathname}${url.search}`, originOf(baseUrl)).href : url.href;
	} catch {
		throw notAnAddress(link);
	}
}

/** A link of the server to itself, made absolute; undefined for none, and for one that leads to another origin. */
export function ownLink(baseUrl: string, link: string | undefined): string | undefined {
	if (link === undefined || !URL.canParse(link, baseUrl)) return undefined;
	const url = new URL(link, baseUrl);
	return url.origin === originOf(baseUrl) ? url.href : undefined;
}

function notAnAddress(link: string): GenerationError {
	return new GenerationError('downloadFailed', 'The server gave a link that is not an address', {
		serverMessage: link.slice(0, 200),
	});
}

function originOf(url: string): string {
	return new URL(url).origin;
}

/**
 * Decides whether `target` may be fetched, and with what. Names are not resolved here: n8n's own protection
 * against server-side request forgery does that.
 * Throws GenerationError `unsafeAddress` for other schemes, a step from https to http, and literal private,
 * loopback, link-local and metadata addresses in any notation, and other ports of the server's host, unless they are the
 * server's own origin or allowed.
 */
export function checkHop(target: string, rules: LinkRules, previousUrl?: string): Hop {
	let url: URL;
	try {
		url = new URL(target, previousUrl);
	} catch {
		throw unsafe(target, 'it is not an address');
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') throw unsafe(target, 'only http and https are fetched');
	if (/^https:/i.test(previousUrl ?? '') && url.protocol === 'http:') {
		throw unsafe(url.href, 'the redirect leads from https to http');
	}
	if (url.origin === originOf(rules.baseUrl)) return { url: url.href, withCredentials: true };
	url.username = '';
	url.password = '';
	if (isAllowed(url, rules.allowedDownloadHosts)) return { url: url.href, withCredentials: false };
	if (isPrivateHost(url.hostname)) throw unsafe(url.href, 'it points into a private network');
	if (isOtherPort(url, new URL(rules.baseUrl))) throw unsafe(url.href, "it is another port of the server's host");
	return { url: url.href, withCredentials: false };
}

/** Whatever else runs on the server's machine, however it is spelt. The usual ports of http and https are one site. */
function isOtherPort(url: URL, base: URL): boolean {
	return canonicalHost(url.hostname) === canonicalHost(base.hostname) && (url.port !== '' || base.port !== '');
}

/** An entry without a port stands for all ports of its host. */
function isAllowed(url: URL, allowedHosts: readonly string[]): boolean {
	// A URL leaves out the usual port of its scheme, the user's list may name it.
	const port = url.port || (url.protocol === 'https:' ? '443' : '80');
	return allowedHosts.some((entry) => {
		const [, host = '', allowedPort = port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
		if (allowedPort !== port || !URL.canParse(`http://${host}/`)) return false;
		return canonicalHost(new URL(`http://${host}/`).hostname) === canonicalHost(url.hostname);
	});
}

/**
 * One spelling for all names and addresses of a host: lower case, without a dot at the end, and as IPv4 where an IPv6
 * address only wraps one. URL parsing has already undone octal, hex and short forms.
 */
function canonicalHost(hostname: string): string {
	const host = hostname.toLowerCase().replace(/\.+$/, '');
	const wrapped = host.startsWith('[') ? wrappedIpv4(expandIpv6(host.slice(1, -1))) : undefined;
	return wrapped ? wrapped.join('.') : host;
}

function unsafe(target: string, why: string): GenerationError {
	return new GenerationError('unsafeAddress', `The file was not fetched from ${target.slice(0, 200)}: ${why}`);
}

/** `a.example:9000, b.example` → the hosts in lower case. */
export function parseHostList(text: string): string[] {
	return splitAtCommas(text.toLowerCase());
}

const PRIVATE_NAMES = /\.(localhost|local|internal|localdomain|home\.arpa|lan|intranet|corp|home)$/;

/** Whether a URL's hostname literally names a private place; a name without a dot is one of the local network. */
export function isPrivateHost(hostname: string): boolean {
	const host = canonicalHost(hostname);
	if (host.startsWith('[')) return isPrivateIpv6(host.slice(1, -1));
	const ipv4 = parseIpv4(host);
	return ipv4 ? isPrivateIpv4(ipv4) : !host.includes('.') || PRIVATE_NAMES.test(host);
}

function parseIpv4(host: string): number[] | undefined {
	const parts = host.split('.');
	if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part))) return undefined;
	return parts.map(Number);
}

function isPrivateIpv4([a = 0, b = 0, c = 0, d = 0]: number[]): boolean {
	return (
		a === 0 ||
		a === 10 ||
		a === 127 ||
		a >= 224 ||
		(a === 100 && b >= 64 && b <= 127) ||
		(a === 169 && b === 254) ||
		// Azure's own services, metadata among them.
		(a === 168 && b === 63 && c === 129 && d === 16) ||
		(a === 172 && b >= 16 && b <= 31) ||
		(a === 192 && b === 168) ||
		(a === 192 && b === 0 && c === 0) ||
		(a === 198 && (b === 18 || b === 19))
	);
}

function isPrivateIpv6(address: string): boolean {
	const [first = 0, second] = expandIpv6(address);
	const isUniqueLocal = (first & 0xfe00) === 0xfc00;
	const isLinkLocal = (first & 0xffc0) === 0xfe80 || (first & 0xffc0) === 0xfec0;
	const isMulticast = (first & 0xff00) === 0xff00;
	// A tunnel to an address that is hidden inside.
	const isTeredo = first === 0x2001 && second === 0;
	return isUniqueLocal || isLinkLocal || isMulticast || isTeredo;
}

/** The IPv4 address in a mapped, compatible, translated, NAT64 or 6to4 IPv6 address. */
function wrappedIpv4(groups: number[]): number[] | undefined {
	const leading = groups.slice(0, 6);
	const isMapped = leading.slice(0, 5).every((group) => group === 0) && (leading[5] === 0xffff || leading[5] === 0);
	const isTranslated = leading.slice(0, 4).every((group) => group === 0) && leading[4] === 0xffff && leading[5] === 0;
	const isNat64 = leading[0] === 0x64 && leading[1] === 0xff9b;
	if (isMapped || isTranslated || isNat64) return bytesOf(groups.slice(6));
	return groups[0] === 0x2002 ? bytesOf(groups.slice(1, 3)) : undefined;
}

function bytesOf(groups: number[]): number[] {
	return groups.flatMap((group) => [group >> 8, group & 255]);
}

function expandIpv6(address: string): number[] {
	const [head = '', tail] = address.split('::');
	const read = (text: string) => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16) || 0));
	const before = read(head);
	const after = tail === undefined ? [] : read(tail);
	const zeros = new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0);
	return [...before, ...zeros, ...after];
}
