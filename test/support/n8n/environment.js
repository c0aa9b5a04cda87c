'use strict';

const path = require('node:path');

/** What n8n takes from the environment so that it works by itself, and tells and asks nobody outside of this machine. */
const QUIET = {
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	N8N_AI_ENABLED: 'false',
	N8N_DIAGNOSTICS_CONFIG_BACKEND: '',
	N8N_DIAGNOSTICS_CONFIG_FRONTEND: '',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_LICENSE_SERVER_URL: 'http://127.0.0.1:9',
	N8N_ONBOARDING_FLOW_DISABLED: 'true',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	// For its list of community nodes n8n asks npm for newer versions.
	npm_config_offline: 'true',
};

/** What lets a server of a test run beside others, over plain HTTP, and reach the simulator. */
const LOCAL = {
	GENERIC_TIMEZONE: 'UTC',
	N8N_ENCRYPTION_KEY: 'end-to-end-tests',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
	N8N_HOST: '127.0.0.1',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_SECURE_COOKIE: 'false',
	N8N_SSRF_PROTECTION_ENABLED: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
};

/**
 * The whole environment of an n8n process. Nothing else of ours gets in: settings of a developer's own n8n would.
 * @param {import('../../../scripts/n8nHosts').Host} host
 * @param {{userFolder: string, port: number, brokerPort: number}} place each process has its own
 * @param {Record<string, string>} extra
 */
function n8nEnvironment(host, { userFolder, port, brokerPort }, extra) {
	return {
		// n8n 2 starts its task runner as "node".
		PATH: [path.dirname(host.node), process.env.PATH].join(path.delimiter),
		HOME: userFolder,
		// n8n leaves files that were uploaded in a form there.
		TMPDIR: userFolder,
		LANG: 'C.UTF-8',
		...QUIET,
		...LOCAL,
		// It asks the registry of MCP servers at every start.
		...(host.major === 2 ? { N8N_DISABLED_MODULES: 'mcp-registry' } : {}),
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		...extra,
	};
}

module.exports = { n8nEnvironment };
