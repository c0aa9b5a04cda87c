'use strict';

const { once } = require('node:events');
const { createServer } = require('node:http');

/**
 * A chat model by script, as an OpenAI-compatible server: its first answer calls the tool that it was offered, every later
 * one repeats what the tool gave.
 * @param {Record<string, unknown>} toolArguments what it calls the tool with
 */
async function startChatModel(toolArguments) {
	/** @type {any[]} the bodies that it was asked with */
	const requests = [];
	const server = createServer(async (request, response) => {
		const chunks = [];
		for await (const chunk of request) chunks.push(chunk);
		if (request.method !== 'POST') return response.writeHead(200).end('{"object":"list","data":[]}');
		const body = JSON.parse(Buffer.concat(chunks).toString());
		requests.push(body);
		send(response, body, answerTo(body, toolArguments));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		baseUrl: `http://127.0.0.1:${port}/v1`,
		requests,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

function answerTo({ messages, tools }, toolArguments) {
	const result = messages.findLast(({ role }) => role === 'tool');
	if (result) return { role: 'assistant', content: `The tool said: ${result.content}` };
	const call = { name: tools[0].function.name, arguments: JSON.stringify(toolArguments) };
	return {
		role: 'assistant',
		content: null,
		tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }],
	};
}

/** The answer as one text, or as one event where the client asked for a stream. */
function send(response, { model, stream }, message) {
	const kind = stream ? 'chat.completion.chunk' : 'chat.completion';
	const choice = { index: 0, finish_reason: message.tool_calls ? 'tool_calls' : 'stop' };
	const choices = [{ ...choice, [stream ? 'delta' : 'message']: message }];
	const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
	const answer = JSON.stringify({ id: 'chatcmpl-1', object: kind, created: 0, model, choices, usage });
	response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
	response.end(stream ? `data: ${answer}\n\ndata: [DONE]\n\n` : answer);
}

module.exports = { startChatModel };
