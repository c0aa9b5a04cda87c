'use strict';

/** The class that does what n8n's own helper does, with credentials that are stored in the clear. */
function credentialsHelper({ core, workflowPackage, credentialTypes }) {
	return class Credentials extends workflowPackage.ICredentialsHelper {
		constructor(stored) {
			super();
			this.stored = stored;
		}

		getParentTypes() {
			return [];
		}

		isCredentialUsableByNode() {
			return true;
		}

		async authenticate(credentials, typeName, requestOptions) {
			return await credentialTypes[typeName].authenticate(credentials, requestOptions);
		}

		async preAuthentication() {
			return undefined;
		}

		async runPreAuthentication() {
			return undefined;
		}

		async getCredentials(nodeCredentials, type) {
			return new core.Credentials({ id: nodeCredentials.id, name: nodeCredentials.name }, type, '');
		}

		async getDecrypted(_additionalData, nodeCredentials, type) {
			const { properties } = credentialTypes[type];
			const data = this.stored[nodeCredentials.id] ?? {};
			return workflowPackage.NodeHelpers.getNodeParameters(properties, data, true, false, null, null);
		}

		async updateCredentials() {}

		async updateCredentialsOauthTokenData() {}

		getCredentialsProperties(type) {
			return credentialTypes[type].properties;
		}
	};
}

module.exports = { credentialsHelper };
