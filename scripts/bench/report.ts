import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Bench, type Figure, isMet } from './bench';

const JSON_FILE = 'docs/performance.json';
const PAGE = 'docs/performance.md';

interface Result {
  readonly measures: string;
  readonly figures: readonly Figure[];
  readonly command: string;
  readonly on: { readonly date: string; readonly node: string; readonly cores: number; readonly platform: string };
}

/** Adds what a bench measured to the results, and writes its table anew. */
export function report({ name, measures }: Bench, figures: readonly Figure[], command: string): void {
  const { version, platform, arch } = process;
  const on = {
    date: new Date().toISOString().slice(0, 10),
    node: version,
    cores: cpus().length,
    platform: `${platform} ${arch}`,
  };
  const results: Record<string, Result> = existsSync(JSON_FILE) ? JSON.parse(readFileSync(JSON_FILE, 'utf8')) : {};
  results[name] = { measures, figures, command, on };
  writeFileSync(JSON_FILE, `${JSON.stringify(results, null, 2)}\n`);
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`${PAGE} has no place for ${name}`);
  const section = [begin, '', sectionOf(results[name]), end].join('\n');
  writeFileSync(PAGE, page.slice(0, from) + section + page.slice(to + end.length));
}

function sectionOf({ measures, figures, command, on }: Result): string {
  const rows = figures.map((figure) => {
    const { what, value, unit, goal, note = '' } = figure;
    const wanted = goal ? ('atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`) : '';
    const met = { true: ' ✓', false: ' ✗' }[String(isMet(figure))] ?? '';
    return `| ${what} | ${value} ${unit} | ${wanted}${met} | ${note} |`;
  });
  return `${measures}

\`${command}\`, ${on.date}, Node.js ${on.node}, ${on.cores} cores, ${on.platform}:

| what | measured | goal | |
|---|---|---|---|
${rows.join('\n')}
`;
}
