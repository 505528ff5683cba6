/** One diagram of a figure: numbers on both axes, lines with dots. */
export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly series: readonly Series[];
  /** A line that the figure is to stay under. */
  readonly limit?: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

const width = 300;
const height = 220;
const margin = { left: 44, right: 24, top: 34, bottom: 40 };
const colours = ['#0a6ebd', '#c4501b', '#3c7d22', '#7a4fa3'];
const font = 'font-family="system-ui, sans-serif" font-size="11"';

/** Panels side by side as one SVG image, readable on light and dark pages. Each has its own scale, from zero. */
export function renderPanels(panels: readonly Panel[]): string {
  const whole = panels.length * width;
  const drawn = panels.map(
    (panel, index) => `<g transform="translate(${index * width} 0)">\n${renderPanel(panel)}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${height}" width="${whole}" height="${height}" ${font}>
<rect width="${whole}" height="${height}" fill="#fff"/>
${drawn.join('\n')}
</svg>
`;
}

function renderPanel({ title, xLabel, series, limit }: Panel): string {
  const points = series.flatMap((each) => each.points);
  const xs = ticksUpTo(Math.max(...points.map(([x]) => x)));
  const ys = ticksUpTo(Math.max(limit ?? 0, ...points.map(([, y]) => y)));
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const toX = (x: number): number => round(margin.left + (x / (xs.at(-1) ?? 1)) * inner.width);
  const toY = (y: number): number => round(margin.top + inner.height - (y / (ys.at(-1) ?? 1)) * inner.height);
  const bottom = margin.top + inner.height;
  const parts = [
    `<text x="${margin.left}" y="18" font-size="12" font-weight="600">${escape(title)}</text>`,
    ...ys.map(
      (y) =>
        `<path d="M${margin.left} ${toY(y)}h${inner.width}" stroke="#ddd"/><text x="${margin.left - 5}" y="${toY(y) + 4}" text-anchor="end" fill="#444">${format(y)}</text>`,
    ),
    ...xs.map(
      (x) => `<text x="${toX(x)}" y="${bottom + 15}" text-anchor="middle" fill="#444">${format(x)}</text>`,
    ),
    `<text x="${margin.left + inner.width / 2}" y="${bottom + 31}" text-anchor="middle" fill="#444">${escape(xLabel)}</text>`,
    ...(limit === undefined
      ? []
      : [`<path d="M${margin.left} ${toY(limit)}h${inner.width}" stroke="#b00" stroke-dasharray="5 3"/>`]),
    ...series.map((each, index) => renderSeries(each, { toX, toY, colour: colours[index % 4] ?? '' })),
    ...(series.length > 1 ? series.map(renderName) : []),
  ];
  return parts.join('\n');
}

function renderSeries(
  { points }: Series,
  {
    toX,
    toY,
    colour,
  }: {
    readonly toX: (x: number) => number;
    readonly toY: (y: number) => number;
    readonly colour: string;
  },
): string {
  const line = points.map(([x, y]) => `${toX(x)},${toY(y)}`).join(' ');
  // Where there are many, the dots would hide the line.
  const dots =
    points.length > 12
      ? []
      : points.map(([x, y]) => `<circle cx="${toX(x)}" cy="${toY(y)}" r="3" fill="${colour}"/>`);
  return `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}`;
}

function renderName({ name }: Series, index: number): string {
  const y = height - margin.bottom - 10 - index * 14;
  return `<text x="${width - margin.right - 4}" y="${y}" text-anchor="end" fill="${colours[index % 4]}">${escape(name)}</text>`;
}

/** From zero in three to six round steps, to the first that is not below `most`. */
function ticksUpTo(most: number): readonly number[] {
  const rough = Math.max(most, Number.MIN_VALUE) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_each, index) =>
    Number((index * step).toPrecision(12)),
  );
}

function format(value: number): string {
  return value.toLocaleString('en-US');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
