import { firstText, isObject, parseJson, readTime } from '../json';
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
		return {
			id: firstText(card, ['character_id', 'cameo_id']) ?? username,
			name: username,
			displayName: firstText(card, ['display_name']),
			avatarUrl: firstText(card, ['profile_asset_url']),
			createdAtMs: readTime(card, ['created_at']),
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
