'use strict';

const fc = require('fast-check');

const { GenerationError } = require('../../build/nodes/core/errors');
const {
	absoluteLink,
	checkHop,
	isPrivateHost,
	parseHostList,
	pathSegment,
	resolveUrl,
} = require('../../build/nodes/core/links');

const BASE = 'https://api.example.com/v1';
const RULES = { baseUrl: BASE, allowedDownloadHosts: [] };

function refusalOf(target, rules = RULES, previousUrl = undefined) {
	try {
		checkHop(target, rules, previousUrl);
	} catch (error) {
		expect(error).toBeInstanceOf(GenerationError);
		return error;
	}
	return undefined;
}

describe('pathSegment', () => {
	test.each([
		['video_1', 'video_1'],
		['a/b:c=+', 'a%2Fb%3Ac%3D%2B'],
		['...', '...'],
		['⛵', '%E2%9B%B5'],
	])('%s is sent as %s', (id, expected) => {
		expect(pathSegment(id, 'job')).toBe(expected);
	});

	test.each(['', '.', '..', 'half \ud83d'])('%j has no address of its own', (id) => {
		expect(() => pathSegment(id, 'job')).toThrow(`"${id}" cannot be the ID of a job`);
	});
});

describe('resolveUrl', () => {
	test.each([
		['https://api.example.com/v1', '/videos', 'https://api.example.com/v1/videos'],
		['https://api.example.com/v1/', '/videos', 'https://api.example.com/v1/videos'],
		['https://api.example.com/v1', 'videos', 'https://api.example.com/v1/videos'],
		['http://localhost:8000', '/videos/a%2Fb/content', 'http://localhost:8000/videos/a%2Fb/content'],
		['https://api.example.com/v1', 'https://cdn.example.com/x.mp4', 'https://cdn.example.com/x.mp4'],
		['https://api.example.com/v1', 'HTTP://cdn.example.com/x.mp4', 'HTTP://cdn.example.com/x.mp4'],
	])('%s and %s make %s', (base, path, expected) => {
		expect(resolveUrl(base, path)).toBe(expected);
	});
});

describe('absoluteLink', () => {
	test.each([
		['/generated-videos/x.mp4', 'https://api.example.com/generated-videos/x.mp4'],
		['/v1/videos/a/content', 'https://api.example.com/v1/videos/a/content'],
		['https://cdn.example.com/x.mp4?sig=a%2Fb', 'https://cdn.example.com/x.mp4?sig=a%2Fb'],
		['//cdn.example.com/x.mp4', 'https://cdn.example.com/x.mp4'],
	])('%s becomes %s', (link, expected) => {
		expect(absoluteLink(BASE, link)).toBe(expected);
	});

	test('a link that is no address is told as a failed download of a paid job', () => {
		expect(() => absoluteLink(BASE, 'http://[')).toThrow(GenerationError);
		expect(() => absoluteLink(BASE, 'http://[')).toThrow('not an address');
	});
});

describe('checkHop and credentials', () => {
	test.each(['https://api.example.com/v1/videos/a/content', 'https://API.example.com:443/other', '/v1/videos'])(
		'%s belongs to the configured origin: credentials may go along',
		(target) => {
			expect(checkHop(target, RULES, 'https://api.example.com/v1/start').withCredentials).toBe(true);
		},
	);

	test.each([
		'https://cdn.example.com/x.mp4',
		'https://example.com/x.mp4',
		'https://api.example.com.attacker.example/x.mp4',
		'https://api.example.com@attacker.example/x.mp4',
		'http://api.example.com/v1',
	])('%s is another origin: it is fetched without credentials', (target) => {
		expect(checkHop(target, RULES).withCredentials).toBe(false);
	});

	test('a name and a password inside a foreign link are not sent', () => {
		expect(checkHop('https://user:word@cdn.example.com/x.mp4', RULES).url).toBe('https://cdn.example.com/x.mp4');
	});

	test('a relative redirect stays at the place that redirected', () => {
		expect(checkHop('../b.mp4', RULES, 'https://cdn.example.com/a/x.mp4')).toEqual({
			url: 'https://cdn.example.com/b.mp4',
			withCredentials: false,
		});
	});
});

describe('checkHop and schemes', () => {
	test.each(['ftp://cdn.example.com/x', 'file:///etc/passwd', 'data:video/mp4;base64,AAAA', 'javascript:alert(1)'])(
		'%s is not fetched',
		(target) => {
			expect(refusalOf(target)).toMatchObject({ kind: 'unsafeAddress' });
		},
	);

	test.each(['', 'http://', 'https://[', 'no address'])('%j is not fetched', (target) => {
		expect(refusalOf(target).kind).toBe('unsafeAddress');
	});

	test.each(['https://cdn.example.com/a', 'HTTPS://cdn.example.com/a', 'https://api.example.com/v1/a'])(
		'a redirect from %s to http is refused',
		(previous) => {
			expect(refusalOf('http://cdn.example.com/x.mp4', RULES, previous).message).toContain('from https to http');
		},
	);

	test("a redirect from https to http is refused even at the server's own origin and at allowed hosts", () => {
		const rules = { baseUrl: 'http://media.example.com/v1', allowedDownloadHosts: ['cdn.example.com'] };
		expect(refusalOf('http://media.example.com/x', rules, 'https://cdn.example.com/a').kind).toBe('unsafeAddress');
		expect(refusalOf('http://cdn.example.com/x', rules, 'https://cdn.example.com/a').kind).toBe('unsafeAddress');
	});

	test('http may lead to http and to https', () => {
		expect(refusalOf('http://cdn.example.com/x', RULES, 'http://cdn.example.com/a')).toBeUndefined();
		expect(refusalOf('https://cdn.example.com/x', RULES, 'http://cdn.example.com/a')).toBeUndefined();
	});
});

const PRIVATE_HOSTS = [
	['loopback', '127.0.0.1'],
	['loopback, another of its addresses', '127.255.3.4'],
	['loopback with a trailing dot', '127.0.0.1.'],
	['loopback as a decimal number', '2130706433'],
	['loopback in octal', '0177.0.0.01'],
	['loopback as one octal number', '017700000001'],
	['loopback in hexadecimal', '0x7f.0.0.0x1'],
	['loopback as one hexadecimal number', '0x7f000001'],
	['loopback in short form', '127.1'],
	['loopback in three parts', '127.0.1'],
	['loopback percent-encoded', '%31%32%37.0.0.1'],
	['loopback in full-width digits', '１２７.０.０.１'],
	['this host', '0.0.0.0'],
	['this host as zero', '0'],
	['private 10/8', '10.1.2.3'],
	['private 172.16/12, first', '172.16.0.1'],
	['private 172.16/12, last', '172.31.255.254'],
	['private 192.168/16', '192.168.0.10'],
	['private 192.168/16 in short form', '192.168.10'],
	['private 10/8 in hexadecimal', '0xa000001'],
	['link-local', '169.254.10.10'],
	['metadata', '169.254.169.254'],
	['metadata as a decimal number', '2852039166'],
	['metadata in hexadecimal', '0xa9fea9fe'],
	['metadata of Alibaba, in the carrier range', '100.100.100.200'],
	['metadata of Oracle', '192.0.0.192'],
	['carrier range, first', '100.64.0.0'],
	['carrier range, last', '100.127.255.255'],
	['benchmark range', '198.18.0.1'],
	['multicast', '224.0.0.1'],
	['broadcast', '255.255.255.255'],
	['IPv6 loopback', '[::1]'],
	['IPv6 loopback written out', '[0:0:0:0:0:0:0:1]'],
	['IPv6 unspecified', '[::]'],
	['IPv6 link-local', '[fe80::1]'],
	['IPv6 link-local, last', '[febf::1]'],
	['IPv6 site-local', '[fec0::1]'],
	['IPv6 unique local', '[fc00::1]'],
	['IPv6 metadata of AWS', '[fd00:ec2::254]'],
	['IPv6 multicast', '[ff02::1]'],
	['IPv4-mapped loopback, dotted', '[::ffff:127.0.0.1]'],
	['IPv4-mapped loopback, hexadecimal', '[::ffff:7f00:1]'],
	['IPv4-mapped metadata', '[::ffff:169.254.169.254]'],
	['IPv4-compatible loopback', '[::127.0.0.1]'],
	['IPv4-translated loopback', '[::ffff:0:127.0.0.1]'],
	['NAT64 loopback', '[64:ff9b::127.0.0.1]'],
	['NAT64 metadata', '[64:ff9b::a9fe:a9fe]'],
	['6to4 of a private address', '[2002:a00:1::1]'],
	['localhost', 'localhost'],
	['localhost with a trailing dot', 'localhost.'],
	['a name below localhost', 'app.localhost'],
	['a name of the local network', 'printer.local'],
	['the metadata name of Google', 'metadata.google.internal'],
	['the host of a container', 'host.docker.internal'],
	['a name of a home network', 'nas.home.arpa'],
	['a name of a router', 'router.lan'],
	['a name of an intranet', 'files.intranet'],
	['a name of a company network', 'files.corp'],
	['a name of a home', 'nas.home'],
	['a service beside the container', 'redis'],
	['the short metadata name of Google', 'metadata'],
	['services of Azure', '168.63.129.16'],
	['Teredo', '[2001:0:7f00:1::1]'],
];

const PUBLIC_HOSTS = [
	'cdn.example.com',
	'localhost.example.com',
	'10.0.0.1.example.com',
	'internal-media.example.com',
	'8.8.8.8',
	'9.255.255.255',
	'11.0.0.0',
	'100.63.255.255',
	'100.128.0.0',
	'126.255.255.255',
	'128.0.0.1',
	'169.253.1.1',
	'172.15.255.255',
	'172.32.0.1',
	'192.167.1.1',
	'198.17.0.1',
	'198.20.0.1',
	'223.255.255.255',
	'[2606:4700::1111]',
	'[::ffff:8.8.8.8]',
	'[64:ff9b::8.8.8.8]',
	'[2002:808:808::1]',
	'[2001:1::1]',
	'168.63.129.17',
	'lan.example.com',
	'[fbff::1]',
	'[fe7f::1]',
];

describe('checkHop and private networks', () => {
	test.each(PRIVATE_HOSTS)('%s is refused', (_name, host) => {
		expect(refusalOf(`https://${host}/x.mp4`)).toMatchObject({ kind: 'unsafeAddress' });
		expect(refusalOf(`http://${host}:9000/x.mp4`)).toMatchObject({ kind: 'unsafeAddress' });
	});

	test.each(PRIVATE_HOSTS)('%s is refused as the aim of a redirect', (_name, host) => {
		const refusal = refusalOf(`https://${host}/x.mp4`, RULES, 'https://cdn.example.com/a');
		expect(refusal).toMatchObject({ kind: 'unsafeAddress' });
	});

	test.each(PUBLIC_HOSTS)('%s is public', (host) => {
		expect(checkHop(`https://${host}/x.mp4`, RULES)).toMatchObject({ withCredentials: false });
	});

	test('no private IPv4 address passes, in whatever form a URL allows', () => {
		const byte = fc.nat(255);
		const address = fc.oneof(
			fc.tuple(fc.constantFrom(10, 127), byte, byte, byte),
			fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
			fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
			fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
		);
		fc.assert(
			fc.property(address, ([a, b, c, d]) => {
				const whole = ((a * 256 + b) * 256 + c) * 256 + d;
				const group = (high, low) => (high * 256 + low).toString(16);
				const forms = [
					`${a}.${b}.${c}.${d}`,
					`${a}.${b}.${c * 256 + d}`,
					`${a}.${(b * 256 + c) * 256 + d}`,
					`${whole}`,
					`0x${whole.toString(16)}`,
					`0${whole.toString(8)}`,
					[a, b, c, d].map((part) => `0x${part.toString(16)}`).join('.'),
					[a, b, c, d].map((part) => `0${part.toString(8)}`).join('.'),
					`[::ffff:${a}.${b}.${c}.${d}]`,
					`[::ffff:${group(a, b)}:${group(c, d)}]`,
					`[64:ff9b::${group(a, b)}:${group(c, d)}]`,
				];
				for (const form of forms) expect([form, refusalOf(`http://${form}/`)?.kind]).toEqual([form, 'unsafeAddress']);
			}),
		);
	});

	test("the server's own origin may be private", () => {
		const rules = { baseUrl: 'http://192.168.1.5:8000/v1', allowedDownloadHosts: [] };
		expect(checkHop('http://192.168.1.5:8000/tmp/x.mp4', rules).withCredentials).toBe(true);
		expect(refusalOf('http://192.168.1.5:9000/tmp/x.mp4', rules).kind).toBe('unsafeAddress');
	});
});

describe("checkHop and other ports of the server's host", () => {
	test.each([
		[BASE, 'https://api.example.com:8443/x.png'],
		[BASE, 'http://API.example.com:9000/x.png'],
		['http://203.0.113.7:8000/v1', 'http://203.0.113.7/x.png'],
		['http://203.0.113.7:8000/v1', 'http://3405803783:9000/x.png'],
		[BASE, 'http://api.example.com.:9000/x.png'],
		['http://api.example.com.:8000/v1', 'http://api.example.com:9000/x.png'],
		['http://203.0.113.7:8000/v1', 'http://[::ffff:203.0.113.7]:9000/x.png'],
		['http://203.0.113.7:8000/v1', 'http://[64:ff9b::203.0.113.7]:9000/x.png'],
		['http://203.0.113.7:8000/v1', 'http://[2002:cb00:7107::1]:9000/x.png'],
		['http://[::ffff:203.0.113.7]:8000/v1', 'http://203.0.113.7:9000/x.png'],
	])('with %s, %s is only fetched when it is allowed', (baseUrl, target) => {
		const error = refusalOf(target, { baseUrl, allowedDownloadHosts: [] });
		expect(error).toMatchObject({ kind: 'unsafeAddress' });
		expect(error.message).toMatch(/another port of the server's host/);
		const { host, port, hostname } = new URL(target);
		const named = port === '' ? `${hostname}:80` : host;
		expect(checkHop(target, { baseUrl, allowedDownloadHosts: [named] }).withCredentials).toBe(false);
	});

	test('the usual ports of http and https are one site', () => {
		const rules = { baseUrl: 'http://api.example.com/v1', allowedDownloadHosts: [] };
		expect(checkHop('https://api.example.com/x.png', rules).withCredentials).toBe(false);
	});
});

describe('links that name the network of the server', () => {
	test.each([
		['http://127.0.0.1:8000/tmp/a.png?x=1', 'https://api.example.com/tmp/a.png?x=1'],
		['http://10.0.0.5:8000/tmp/a.png', 'https://api.example.com/tmp/a.png'],
		['http://127.0.0.1:8000/other/a.png', 'http://127.0.0.1:8000/other/a.png'],
		['https://cdn.example.com/tmp/a.png', 'https://cdn.example.com/tmp/a.png'],
		['/tmp/a.png', 'https://api.example.com/tmp/a.png'],
	])('%s of a server that keeps its files below /tmp/ is %s', (link, expected) => {
		expect(absoluteLink(BASE, link, ['/tmp/'])).toBe(expected);
	});
});

describe('checkHop and allowedDownloadHosts', () => {
	test.each([
		['10.0.0.5', 'http://10.0.0.5/x.mp4'],
		['10.0.0.5', 'http://10.0.0.5:9000/x.mp4'],
		['10.0.0.5:9000', 'http://10.0.0.5:9000/x.mp4'],
		['10.0.0.5:80', 'http://10.0.0.5/x.mp4'],
		['minio.local:443', 'https://minio.local/x.mp4'],
		['MinIO.local', 'https://minio.LOCAL/x.mp4'],
		['[fd00::5]', 'http://[fd00::5]/x.mp4'],
		['[fd00::5]:9000', 'http://[fd00::5]:9000/x.mp4'],
		['10.0.0.5', 'http://[::ffff:10.0.0.5]:9000/x.mp4'],
		['[::ffff:10.0.0.5]:9000', 'http://10.0.0.5:9000/x.mp4'],
		['minio.local', 'http://minio.local.:9000/x.mp4'],
		['minio.local.', 'http://minio.local/x.mp4'],
		['minio', 'http://minio:9000/x.mp4'],
	])('%s allows %s, without credentials', (entry, target) => {
		const rules = { baseUrl: BASE, allowedDownloadHosts: parseHostList(entry) };
		expect(checkHop(target, rules).withCredentials).toBe(false);
	});

	test.each([
		['10.0.0.5:9000', 'http://10.0.0.5/x.mp4'],
		['10.0.0.5:9000', 'http://10.0.0.5:9001/x.mp4'],
		['10.0.0.5:443', 'http://10.0.0.5/x.mp4'],
		['10.0.0.5', 'http://10.0.0.50/x.mp4'],
		['local', 'http://minio.local/x.mp4'],
		['10.0.0.5:x', 'http://10.0.0.5/x.mp4'],
		['a b', 'http://minio.local/x.mp4'],
	])('%s does not allow %s', (entry, target) => {
		const rules = { baseUrl: BASE, allowedDownloadHosts: parseHostList(entry) };
		expect(refusalOf(target, rules).kind).toBe('unsafeAddress');
	});
});

describe('parseHostList', () => {
	test.each([
		['', []],
		[' , ,', []],
		['minio.lan', ['minio.lan']],
		['MinIO.lan:9000, cdn.example.org ,', ['minio.lan:9000', 'cdn.example.org']],
	])('%j names %j', (text, expected) => {
		expect(parseHostList(text)).toEqual(expected);
	});
});

describe('isPrivateHost', () => {
	test('never throws on any text', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.ipV6().map((ip) => `[${ip}]`),
				),
				(host) => void isPrivateHost(host),
			),
		);
	});
});
