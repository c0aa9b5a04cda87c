'use strict';

const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const { asTool } = require('./helperNodes');

/**
 * Loads nodes and credentials of a package as n8n does. Gives the nodes by their full type, each also as the tool that n8n
 * makes of it for agents, and the credentials by their name.
 * @param {string} folder of the package
 * @param {{nodes?: string[], credentials?: string[]}} [files] relative to the folder; all of the manifest's when absent
 */
function loadPackage(folder, files) {
	const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
	const requireIt = createRequire(path.join(path.resolve(folder), 'any.js'));
	const instancesOf = (list = []) =>
		list.map((file) => {
			const [Class] = Object.values(requireIt(path.resolve(folder, file)));
			return new Class();
		});
	const { nodes, credentials } = files ?? manifest.n8n;
	/** @type {Record<string, any>} */
	const nodeTypes = {};
	for (const instance of instancesOf(nodes)) {
		const type = `${manifest.name}.${instance.description.name}`;
		nodeTypes[type] = instance;
		// Nodes with several versions have their properties elsewhere; no test calls one of them as a tool.
		if (instance.description.properties) nodeTypes[`${type}Tool`] = asTool(instance);
	}
	/** @type {Record<string, any>} */
	const credentialTypes = {};
	for (const instance of instancesOf(credentials)) credentialTypes[instance.name] = instance;
	return { nodeTypes, credentialTypes };
}

module.exports = { loadPackage };
