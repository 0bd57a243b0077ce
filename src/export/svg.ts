/** Colours of series and protocols: told apart by people who see few colours, on white. */
const PALETTE = ['#2f6f9f', '#d9822b', '#4c9a62', '#8e63a9', '#c0504d', '#6b8e9e', '#b39b2f', '#5b5b9f'];
const INK = '#22303c';
const FAINT = '#d8dee4';

export function svgColour(i: number): string {
  return PALETTE[i % PALETTE.length];
}

/** Text that is safe in a document: names on the wire are anybody's. */
export function svgEscape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll(/[^\P{Cc}]/gu, '\u00b7');
}

/** A whole document with its title. */
export function svgDocument(width: number, height: number, title: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">
<title>${svgEscape(title)}</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="16" y="24" font-size="15" font-weight="600">${svgEscape(title)}</text>
${body}</svg>
`;
}

export function svgText(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end' = 'start', extra = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${extra === '' ? '' : ` ${extra}`}>${svgEscape(text)}</text>\n`;
}

export function svgLine(x1: number, y1: number, x2: number, y2: number, colour = FAINT, extra = ''): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"${extra === '' ? '' : ` ${extra}`}/>\n`;
}

export function svgBar(x: number, y: number, width: number, height: number, colour: string, tip = ''): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${round(Math.max(0, height))}" fill="${colour}">${tip === '' ? '' : `<title>${svgEscape(tip)}</title>`}</rect>\n`;
}

function round(v: number): number {
  return Math.round(v * 100) / 100;
}

/** Round steps of an axis from 0 to beyond `most`: 1, 2 or 5 times a power of ten, about `count` of them. */
export function axisSteps(most: number, count = 5): number[] {
  if (!(most > 0)) return [0];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  const steps: number[] = [];
  for (let i = 0; i === 0 || (i - 1) * step < most; i++) steps.push(i * step);
  return steps;
}

/** `1.2 Mbit/s`, or `1.2 M` without a unit, for people who read an axis. */
export function shortNumber(n: number, unit = ''): string {
  for (const [prefix, size] of [['G', 1e9], ['M', 1e6], ['k', 1e3]] as const) if (Math.abs(n) >= size) return `${Number((n / size).toPrecision(3))} ${prefix}${unit}`;
  return `${Number(n.toPrecision(3))}${unit === '' ? '' : ` ${unit}`}`;
}
