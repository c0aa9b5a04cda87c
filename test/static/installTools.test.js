'use strict';

const { spawnSync } = require('node:child_process');
const { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const SCRIPT = path.join(__dirname, '..', '..', '.ci', 'install-tools');
/** What the script itself works with. */
const OWN_TOOLS = ['chmod', 'mktemp', 'rm', 'sort', 'tail', 'timeout'];
const INSTALLED = ['g++', 'make', 'python3', 'chromium', 'redis-server', 'postgres', 'gm'];

// It is for Debian; other systems may have an older bash.
const onLinux = process.platform === 'linux' ? describe : describe.skip;
onLinux('.ci/install-tools', () => {
	/** @type {string} all programs that the script finds */
	let folder;
	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'install-tools-'));
		for (const name of OWN_TOOLS) {
			const places = ['/usr/bin', '/bin'].map((place) => path.join(place, name));
			symlinkSync(/** @type {string} */ (places.find((place) => existsSync(place))), path.join(folder, name));
		}
	});
	afterEach(() => rmSync(folder, { recursive: true }));

	function addProgram(name, lines = '') {
		const file = path.join(folder, name);
		writeFileSync(file, `#!/bin/bash\n${lines}\n`);
		chmodSync(file, 0o755);
	}

	const policy = () => path.join(folder, 'policy-rc.d');
	const calls = () => path.join(folder, 'calls.txt');
	/** apt-get that notes its arguments, and the policy that it finds. */
	const addAptGet = (lines) =>
		addProgram('apt-get', `echo "$*; policy: $(< "${policy()}" tail -n 1)" >> "${calls()}"\n${lines}`);

	function runScript() {
		const env = { PATH: folder, POLICY_FILE: policy() };
		const { status, stdout, stderr } = spawnSync('/bin/bash', [SCRIPT], { encoding: 'utf8', env });
		expect([status, stderr]).toEqual([0, '']);
		return stdout;
	}

	test('does nothing where all is there', () => {
		for (const name of INSTALLED) addProgram(name);
		expect(runScript()).toBe('');
	});

	test('as root installs what is missing, without starting servers', () => {
		for (const name of INSTALLED.filter((tool) => tool !== 'gm')) addProgram(name);
		addProgram('id', 'echo 0');
		addAptGet(`[[ "$*" == *graphicsmagick* ]] && printf '#!/bin/sh\\n' > ${folder}/gm && chmod +x ${folder}/gm; true`);
		expect(runScript()).toBe('Installing graphicsmagick …\n');
		const [update, install] = readFileSync(calls(), 'utf8').trim().split('\n');
		expect(update).toMatch(/ update; policy: exit 101$/);
		expect(install).toMatch(/ install --yes --no-install-recommends graphicsmagick; policy: exit 101$/);
		expect(existsSync(policy())).toBe(false);
	});

	test('a policy that was there stays', () => {
		for (const name of INSTALLED.filter((tool) => tool !== 'gm')) addProgram(name);
		addProgram('id', 'echo 0');
		addAptGet('true');
		writeFileSync(policy(), 'mine');
		runScript();
		expect(readFileSync(policy(), 'utf8')).toBe('mine');
	});

	test('says what it could not install, and why, and ends well', () => {
		for (const name of INSTALLED.filter((tool) => tool !== 'redis-server')) addProgram(name);
		addProgram('id', 'echo 0');
		addAptGet('echo "E: there is no network" >&2; exit 100');
		expect(runScript()).toMatch(/left out: redis-server \(apt-get ended with 100: E: there is no network\)\n$/);
		expect(existsSync(policy())).toBe(false);
	});

	test('installs nothing for somebody who is not root', () => {
		for (const name of INSTALLED.filter((tool) => tool !== 'redis-server')) addProgram(name);
		addProgram('id', 'echo 1000');
		addAptGet('true');
		expect(runScript()).toMatch(/left out: redis-server \(that needs root/);
		expect(existsSync(calls())).toBe(false);
	});
});
