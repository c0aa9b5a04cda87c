'use strict';

const { once } = require('node:events');
const { createServer } = require('node:http');

/**
 * A chat model by script, as an OpenAI-compatible server. What a person says decides which tool it calls; then it repeats
 * what the tool gave.
 * @param {Array<{said: string, tool: string, arguments: Record<string, unknown>}>} script the first line whose `said` is
 *   part of the person's last words counts
 */
async function startChatModel(script) {
	/** @type {any[]} the bodies that it was asked with */
	const requests = [];
	const server = createServer(async (request, response) => {
		const chunks = [];
		for await (const chunk of request) chunks.push(chunk);
		if (request.method !== 'POST') return response.writeHead(200).end('{"object":"list","data":[]}');
		const body = JSON.parse(Buffer.concat(chunks).toString());
		requests.push(body);
		send(response, body, answerTo(body, script));
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

function answerTo({ messages }, script) {
	const last = messages.findLastIndex(({ role }) => role === 'user');
	const result = messages.slice(last).findLast(({ role }) => role === 'tool');
	if (result) return { role: 'assistant', content: `The tool said: ${result.content}` };
	const words = JSON.stringify(messages[last].content);
	const line = script.find(({ said }) => words.includes(said));
	if (!line) return { role: 'assistant', content: `No line of the script is for ${words}` };
	const call = { name: line.tool, arguments: JSON.stringify(line.arguments) };
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
