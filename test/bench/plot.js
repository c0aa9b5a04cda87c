'use strict';

/**
 * Small plots as SVG: panels side by side with the same axes, lines or single points in them, one legend below. They bring
 * their own background and follow the reader's light or dark scheme. Series differ in colour and in the shape of their marks.
 * @typedef {{label: string, ticks: number[], isLog?: boolean}} Axis from the first tick to the last
 * @typedef {{name: string, points: Array<{x: number, y: number}>, isLine?: boolean}} Series
 * @typedef {{title?: string, series: Series[]}} Panel
 */

const PANEL_HEIGHT = 230;
const MARGIN = { left: 62, top: 34, gap: 32, right: 18, axis: 46, legendLine: 20 };
const WIDTH = 860;
/** About the width of a letter at the size of the text. */
const LETTER = 6.1;

/** Colours that differ for most kinds of colour blindness too (Okabe and Ito), a little lighter on dark. */
const STYLE = `text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}.back{fill:#fff}.grid{stroke:#d0d7de;stroke-width:1}
.s0{--c:#0072b2}.s1{--c:#d55e00}.s2{--c:#009e73}.s3{--c:#9a4f7e}.s4{--c:#6e7781}
.mark{fill:var(--c)}.line{stroke:var(--c);fill:none;stroke-width:2}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.back{fill:#0d1117}.grid{stroke:#30363d}
.s0{--c:#56b4e9}.s1{--c:#f0883e}.s2{--c:#3fc59a}.s3{--c:#d898c4}.s4{--c:#a5adb6}}`;

/** The shape of a mark around 0, 0. */
const MARKS = [
	'<circle r="5"/>',
	'<rect x="-4.5" y="-4.5" width="9" height="9"/>',
	'<path d="M0-6 5.5 4.5h-11z"/>',
	'<path d="M0-6.5 6 0 0 6.5-6 0z"/>',
	'<path d="M-5.5-4.5h11L0 6z"/>',
];

/**
 * @param {{title: string, x: Axis, y: Axis, panels: Panel[]}} plot `title` is read out instead of the picture
 * @returns {string} the SVG file
 */
function plot({ title, x, y, panels }) {
	const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
	if (names.length > MARKS.length) throw new Error(`A plot shows at most ${MARKS.length} series`);
	const inner = WIDTH - MARGIN.left - MARGIN.right - MARGIN.gap * (panels.length - 1);
	const panelWidth = inner / panels.length;
	const legend = legendOf(names);
	const bottom = MARGIN.top + PANEL_HEIGHT + MARGIN.axis;
	const height = bottom + legend.lines * MARGIN.legendLine + 8;
	const toY = scaleOf(y, MARGIN.top + PANEL_HEIGHT, MARGIN.top);
	const drawn = panels.map((panel, index) => {
		const left = MARGIN.left + index * (panelWidth + MARGIN.gap);
		const toX = scaleOf(x, left, left + panelWidth);
		return [
			grid({ x, y, toX, toY, isFirst: index === 0 }),
			text(left + panelWidth / 2, MARGIN.top - 12, panel.title ?? '', 'middle', 'title'),
			...panel.series.map((series) => drawSeries(series, names.indexOf(series.name), toX, toY)),
		].join('\n');
	});
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}">
<style>${STYLE}</style>
<rect class="back" width="${WIDTH}" height="${height}" rx="6"/>
${drawn.join('\n')}
${text(MARGIN.left + (WIDTH - MARGIN.left - MARGIN.right) / 2, bottom - 10, x.label, 'middle')}
<g transform="translate(16 ${MARGIN.top + PANEL_HEIGHT / 2}) rotate(-90)">${text(0, 0, y.label, 'middle')}</g>
<g transform="translate(${MARGIN.left} ${bottom + 12})">${legend.svg}</g>
</svg>
`;
}

/** From values to places between `start` and `end`; values beyond the ticks are refused, not cut off. */
function scaleOf({ label, ticks, isLog }, start, end) {
	const measure = isLog ? Math.log : (value) => value;
	const first = ticks[0] ?? 0;
	const last = ticks.at(-1) ?? 1;
	return (value) => {
		if (!(value >= first && value <= last)) throw new Error(`${value} is not within the axis "${label}"`);
		return start + ((measure(value) - measure(first)) / (measure(last) - measure(first))) * (end - start);
	};
}

function grid({ x, y, toX, toY, isFirst }) {
	const [left, right] = [toX(x.ticks[0]), toX(x.ticks.at(-1))];
	const [bottom, top] = [toY(y.ticks[0]), toY(y.ticks.at(-1))];
	const across = y.ticks.map((tick) => {
		const line = `<path class="grid" d="M${round(left)} ${round(toY(tick))}H${round(right)}"/>`;
		return isFirst ? line + text(left - 8, toY(tick) + 4, String(tick), 'end') : line;
	});
	const upwards = x.ticks.map(
		(tick) =>
			`<path class="grid" d="M${round(toX(tick))} ${round(bottom)}V${round(top)}"/>${text(toX(tick), bottom + 17, String(tick), 'middle')}`,
	);
	return [...across, ...upwards].join('');
}

function drawSeries({ points, isLine }, number, toX, toY) {
	const places = points.map((point) => [round(toX(point.x)), round(toY(point.y))]);
	const line = isLine ? `<path class="line" d="M${places.map((place) => place.join(' ')).join('L')}"/>` : '';
	const marks = places.map(
		([left, top]) => `<g class="mark" transform="translate(${left} ${top})">${MARKS[number]}</g>`,
	);
	return `<g class="s${number}">${line}${marks.join('')}</g>`;
}

/** Names with their marks, in as many lines as they need. */
function legendOf(names) {
	let left = 0;
	let lines = 1;
	const entries = names.map((name, number) => {
		const width = 34 + name.length * LETTER;
		if (left > 0 && left + width > WIDTH - MARGIN.left - MARGIN.right) {
			left = 0;
			lines += 1;
		}
		const top = (lines - 1) * MARGIN.legendLine;
		const entry = `<g class="s${number}" transform="translate(${round(left + 6)} ${top})"><g class="mark">${MARKS[number]}</g>${text(12, 4, name, 'start')}</g>`;
		left += width;
		return entry;
	});
	return { svg: entries.join(''), lines };
}

function text(left, top, content, anchor, className = '') {
	const styled = className ? ` class="${className}"` : '';
	return `<text x="${round(left)}" y="${round(top)}" text-anchor="${anchor}"${styled}>${escape(content)}</text>`;
}

const round = (value) => Math.round(value * 10) / 10;

const escape = (content) => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

module.exports = { plot };
