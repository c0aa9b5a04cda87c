'use strict';

/** A Markdown table. */
function table(head, rows) {
	const line = (cells) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * A document with its tables made anew between their markers.
 * @param {string} document
 * @param {Record<string, () => string>} tables
 */
function fillTables(document, tables) {
	return Object.entries(tables).reduce((text, [name, make]) => {
		const pattern = new RegExp(`(<!-- table ${name} -->\n)[\\s\\S]*?(\n<!-- end -->)`);
		if (!pattern.test(text)) throw new Error(`There is no place for the table ${name}`);
		return text.replace(pattern, (_all, start, end) => `${start}\n${make()}\n${end}`);
	}, document);
}

module.exports = { fillTables, table };
