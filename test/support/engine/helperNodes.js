'use strict';

/** Nodes that stand around ours in the engine's workflows. */

/** Stands where n8n's Manual Trigger stands. */
class ManualTrigger {
	description = describeHelper('Manual Trigger', 'manualTrigger', { inputs: [], group: ['trigger'] });

	async execute() {
		return [this.getInputData()];
	}
}

/** Gives the items of its parameter, as often as `count` says, with binary data from `files: [{item, field, base64, fileName, mimeType}]`. */
class Items {
	description = describeHelper('Items', 'items', {
		properties: [
			{ displayName: 'Items', name: 'items', type: 'json', default: '[]' },
			{ displayName: 'Count', name: 'count', type: 'number', default: 1 },
			{ displayName: 'Files', name: 'files', type: 'json', default: '[]' },
		],
	});

	async execute() {
		const listed = this.getNodeParameter('items', 0);
		const count = this.getNodeParameter('count', 0);
		const items = Array.from({ length: count }, () => listed.map((json) => ({ json: { ...json } }))).flat();
		for (const file of this.getNodeParameter('files', 0)) {
			const data = await this.helpers.prepareBinaryData(
				Buffer.from(file.base64, 'base64'),
				file.fileName,
				file.mimeType,
			);
			items[file.item].binary = { ...items[file.item].binary, [file.field]: data };
		}
		return [items];
	}
}

/** Runs its output again as long as a field of its items says so: `again` is handed to the second output. */
class Loop {
	description = describeHelper('Loop', 'loop', { outputs: ['main', 'main'] });

	async execute() {
		const items = this.getInputData();
		const isAgain = (item) => item.json.error !== undefined || item.json.again === true;
		return [items.filter((item) => !isAgain(item)), items.filter(isAgain)];
	}
}

/** Calls its tool once for each of `calls`, as an agent does, and gives what it was told. */
class Agent {
	description = describeHelper('Agent', 'agent', {
		inputs: ['main', { type: 'ai_tool', displayName: 'Tool' }],
		properties: [{ displayName: 'Calls', name: 'calls', type: 'json', default: '[{}]' }],
	});

	async execute() {
		const [tool] = await this.getInputConnectionData('ai_tool', 0);
		const answers = [];
		for (const call of this.getNodeParameter('calls', 0)) {
			try {
				answers.push({ json: { answer: await tool.invoke(call) } });
			} catch (error) {
				answers.push({ json: { refusal: error.message } });
			}
		}
		return [answers];
	}
}

/** Hands its items on. */
class NoOperation {
	description = describeHelper('No Operation', 'noOp', {});

	async execute() {
		return [this.getInputData()];
	}
}

function describeHelper(displayName, name, extra) {
	return {
		displayName,
		name,
		group: ['transform'],
		version: 1,
		description: displayName,
		defaults: { name: displayName },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...extra,
	};
}

/** A node as n8n offers it to agents. */
function asTool(instance) {
	const { usableAsTool, ...description } = instance.description;
	return Object.assign(Object.create(Object.getPrototypeOf(instance)), instance, {
		description: {
			...description,
			name: `${description.name}Tool`,
			displayName: `${description.displayName} Tool`,
			inputs: [],
			outputs: ['ai_tool'],
			properties: [
				...description.properties,
				{ displayName: 'Description', name: 'toolDescription', type: 'string', default: 'Makes things' },
			],
		},
	});
}

module.exports = { Agent, Items, Loop, ManualTrigger, NoOperation, asTool };
