import { firstText, isObject, parseJson } from '../json';
import type { Character } from './characters';

/**
 * The character in a server's words: the `character_card` line of sora2api's `avatar-create`, else the sentences that
 * it and older versions write (wire facts 3.2). Undefined when there is none.
 */
export function readCharacter(text: string): Omit<Character, 'raw'> | undefined {
	for (const line of text.split('\n')) {
		const parsed = parseJson(line.trim());
		const card = isObject(parsed) && isObject(parsed.card) ? parsed.card : undefined;
		const username = firstText(card, ['username']);
		if (username === undefined) continue;
		const createdAtMs = timeOf(firstText(card, ['created_at']));
		return {
			id: firstText(card, ['character_id', 'cameo_id']) ?? username,
			name: username,
			displayName: firstText(card, ['display_name']),
			avatarUrl: firstText(card, ['profile_asset_url']),
			createdAtMs,
		};
	}
	const name = /@([\w.-]+)/.exec(text)?.[1];
	if (name === undefined) return undefined;
	return {
		id: /Character ID[：:]\s*(\S+)/i.exec(text)?.[1] ?? name,
		name,
		displayName: /显示名[：:]\s*(.+)/.exec(text)?.[1]?.trim(),
	};
}

function timeOf(text: string | undefined): number | undefined {
	const number = Number(text);
	const milliseconds = number > 1e11 ? number : number > 0 ? number * 1000 : Date.parse(text ?? '');
	return Number.isFinite(milliseconds) ? milliseconds : undefined;
}
