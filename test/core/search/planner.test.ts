import fc from 'fast-check';
import type { SearchIndex } from '../../../core/domain/search';
import { onlyName } from '../../../core/search/bounds';
import type { Condition } from '../../../core/search/condition';
import { rowOf } from '../../../core/search/copy';
import { type Dialect, type OrderTerm, SIGNET_MODELS, SIGNET_VERSIONS } from '../../../core/search/dialect';
import { matcherOf } from '../../../core/search/matches';
import { comparator, isOrderable, parseOrderBy } from '../../../core/search/order-by';
import { parseFilter } from '../../../core/search/parse';
import { planFor } from '../../../core/search/plan';
import type { Sought } from '../../../core/search/postings';
import { printFilter } from '../../../core/search/print';
import { type Position, run } from '../../../core/search/run';
import { ALL_EXAMPLES, examples } from '../../support/examples';
import { digest, inMemory, model, type Thing, version } from './memory';

const NAMES = ['a', 'ab', 'abc', 'churn', 'churn-eu', 'Ärger', 'zä', '\u{10FFFF}x', 'Z', 'fraud'];
const idOfName = (name: string) => `id-${NAMES.indexOf(name)}`;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const TEAMS = ['red', 'blue', "o'neil", '', 'x'.repeat(700)];
const VALUES = [0.5, 1, -3, 0, 1e300, 5e-324, -1e-9, 0.91];
const METADATA = [
  { type: 'string', value: 'EU' },
  { type: 'number', value: 3 },
  { type: 'timestamp', value: at(3) },
  { type: 'boolean', value: true },
] as const;

/** A registry whose rows agree in much, so that filters find some of them and orders have ties. */
function versionsOf(count: number): Thing[] {
  const pick = <T>(list: readonly T[], by: number): T => list[by % list.length] as T;
  return Array.from({ length: count }, (_, row) => {
    const name = pick(NAMES, row * 7 + (row % 3));
    const tags = {
      ...(row % 2 && { team: pick(TEAMS, row) }),
      ...(row % 5 === 0 && { big: 'b'.repeat(900) }),
      env: pick(['dev', 'prod'], row >> 1),
    };
    return version(
      {
        modelId: idOfName(name),
        number: row + 1,
        status: row % 9 ? 'READY' : 'PENDING',
        stage: pick(['None', 'None', 'Staging', 'Production'], row >> 2),
        approval: { status: pick(['PendingApproval', 'Approved', 'Rejected'] as const, row) },
        aliases: row % 11 ? [] : ['champion', `a${row}`],
        ...(row % 4 && { run: { id: `run-${row % 6}` } }),
        source: `s3://b/${row % 3}`,
        tags,
        metrics: { ...(row % 3 && { auc: pick(VALUES, row) }), ...(row % 7 === 0 && { loss: row / 10 }) },
        hyperParameters: { lr: pick([0.1, 'auto', true], row) },
        metadata: { ...(row % 2 && { region: pick(METADATA, row) }) },
        createdBy: { id: pick(['ada', 'bob'], row), kind: 'person', name: 'x' },
        createdAt: at(row),
        editedAt: at(pick([0, 1, 2, 50, 70], row)),
      },
      name,
    );
  });
}

const VERSIONS = versionsOf(66);
const MODELS = NAMES.map((name, row) =>
  model(idOfName(name), name, {
    activityAt: at(row % 3),
    createdAt: at(row),
    tags: { env: row % 2 ? 'dev' : 'prod', ...(row % 3 === 0 && { team: 'red' }) },
  }),
);
const declared = (name: string, equals: string[], orderBy: string): SearchIndex => {
  return {
    name,
    equals,
    orderBy,
    createdAt: at(0),
    createdBy: { id: 'ada', kind: 'person', name: 'Ada' },
    revision: 1,
  };
};
const INDEXES = [
  declared('stage-auc', ['stage'], 'metric.auc'),
  declared('by-creator', ['creator'], 'creation_timestamp'),
  declared('lr', ['param.lr', 'metadata.region'], 'last_updated_timestamp'),
  declared('of-model', ['name', 'tag.env'], 'version_number'),
];
const SOURCES = { version: inMemory(VERSIONS, INDEXES), model: inMemory(MODELS, []) };

const text = (entity: Condition['entity'], key: string, values: readonly string[]) =>
  fc.record({
    compares: fc.constant('text' as const),
    entity: fc.constant(entity),
    key: fc.constant(key),
    op: fc.constantFrom('=', '=', '=', '!=', 'LIKE', 'ILIKE'),
    value: fc.constantFrom(...values),
  });
const number = (entity: Condition['entity'], key: string, values: readonly number[]) =>
  fc.record({
    compares: fc.constant('number' as const),
    entity: fc.constant(entity),
    key: fc.constant(key),
    op: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    value: fc.constantFrom(...values),
  });
const minutes = [0, 1, 2, 30, 70, 159].map((minute) => Date.parse(at(minute)));
const common = [
  text('attribute', 'name', ['churn', 'churn%', 'a%', 'ab', 'nobody', '\u{10FFFF}%', '%', 'Z']),
  text('tag', 'team', [...TEAMS, 're%']),
  text('tag', 'env', ['dev', 'prod', 'p%']),
  text('attribute', 'creator', ['ada', 'eve', 'id']),
  number('attribute', 'creation_timestamp', minutes),
  number('attribute', 'last_updated_timestamp', minutes),
];
const conditionOfVersion = fc.oneof(
  ...common,
  text('tag', 'big', ['b'.repeat(900), 'b%']),
  text('attribute', 'stage', ['None', 'Staging', 'Production']),
  text('attribute', 'alias', ['champion', 'a11']),
  text('attribute', 'status', ['READY', 'PENDING']),
  text('attribute', 'approval', ['Approved', 'PendingApproval']),
  text('attribute', 'run_id', ['run-1', 'run-5', '']),
  text('attribute', 'source_path', ['s3://b/1']),
  text('param', 'lr', ['auto', '0.1', 'true']),
  text('metadata', 'region', ['EU', '3', 'true']),
  number('param', 'lr', [0.1, 1]),
  number('metadata', 'region', [3, 4]),
  number('metric', 'auc', VALUES),
  number('metric', 'loss', [1, 5, 9.1]),
  number('attribute', 'version_number', [1, 40, 100, 160]),
  fc.constant({
    compares: 'list',
    entity: 'attribute',
    key: 'stage',
    op: 'IN',
    value: ['Staging', 'Production'],
  } as const),
);
const orderOf = (keys: readonly string[]) =>
  fc.array(fc.tuple(fc.constantFrom(...keys), fc.constantFrom('', ' DESC', ' ASC')), { maxLength: 2 }).map((terms) => {
    const once = terms.filter(([key], index) => terms.findIndex(([other]) => other === key) === index);
    return once.map(([key, direction]) => key + direction);
  });
const SEARCHES = {
  version: fc.record({
    conditions: fc.array(conditionOfVersion, { maxLength: 4 }) as fc.Arbitrary<Condition[]>,
    orderBy: orderOf([
      'name',
      'version_number',
      'creation_timestamp',
      'last_updated_timestamp',
      'metrics.auc',
      'metrics.`loss`',
      'params.lr',
      'metadata.region',
      'tags.team',
      'stage',
      'creator',
    ]),
    limit: fc.constantFrom(13, 40, 100),
  }),
  model: fc.record({
    conditions: fc.array(fc.oneof(...common), { maxLength: 3 }) as fc.Arbitrary<Condition[]>,
    orderBy: orderOf(['name', 'creation_timestamp', 'last_updated_timestamp', 'tags.team']),
    limit: fc.constantFrom(3, 100),
  }),
};

interface Sent {
  readonly conditions: readonly Condition[];
  readonly orderBy: readonly string[];
  readonly limit: number;
}

const DIALECTS: Record<Sought, Dialect> = { version: SIGNET_VERSIONS, model: SIGNET_MODELS };
const titleOf = ({ whole }: Thing) => `${whole.name} ${whole.of === 'version' ? whole.number : ''}`;

/** What a search finds by looking at every row. */
function naive(things: readonly Thing[], conditions: readonly Condition[], terms: readonly OrderTerm[]): string[] {
  const [matches, has, order] = [matcherOf(conditions), isOrderable(terms), comparator(terms)];
  const rows = things
    .map((thing) => ({ thing, row: rowOf(thing.whole) }))
    .filter(({ row }) => has(row) && matches(row));
  return rows.sort((a, b) => order(a.row, b.row)).map(({ thing }) => titleOf(thing));
}

/** What the planner finds, page by page; nothing where it says that no index has the order. */
async function planned(of: Sought, { conditions, limit }: Sent, terms: readonly OrderTerm[], units = 25) {
  const name = onlyName(conditions);
  const indexes = of === 'version' ? INDEXES : [];
  const setting = { of, modelId: name !== undefined ? idOfName(name) : undefined, indexes, sha256: digest };
  const plan = planFor(conditions, terms, setting);
  const [matches, has] = [matcherOf(conditions), isOrderable(terms)];
  const passes = (row: Parameters<typeof matches>[0]) => has(row) && matches(row);
  const found: string[] = [];
  let after: Position | undefined;
  let [most, pages] = [0, 0];
  for (;;) {
    const wanted = { conditions, matches: passes, terms, limit, after };
    const ran = await run(plan, wanted, SOURCES[of], { units, bytesPerUnit: 8_192 });
    most = Math.max(most, ran.units);
    if ('exceeded' in ran) {
      // Nothing has the order, and there is too much to sort: it says so.
      expect(plan.steps.map(({ how }) => how)).toEqual(['collect']);
      return { plan, most };
    }
    expect(ran.copies.length).toBeLessThanOrEqual(limit);
    found.push(...ran.copies.map((copy) => titleOf({ copy, whole: copy })));
    // A position is given to the caller and comes back as text.
    after = ran.next && (JSON.parse(JSON.stringify(ran.next)) as Position);
    if (!after) return { plan, most, found };
    expect(++pages).toBeLessThan(1_000);
  }
}

/** What it finds without a bound, where it may not sort as much. */
async function unbounded(
  of: Sought,
  search: Sent,
  terms: readonly OrderTerm[],
): Promise<readonly string[] | undefined> {
  return (await planned(of, search, terms, 10_000)).found;
}

/** The same search as a caller writes it. */
function written(of: Sought, { conditions, orderBy }: Sent) {
  const filter = printFilter(conditions);
  return { conditions: parseFilter(filter, DIALECTS[of]), terms: parseOrderBy(orderBy, DIALECTS[of]) };
}

/** Ways that the searches must have been answered by, so that each was tried. */
const USED: Record<Sought, readonly string[]> = {
  version: [
    'stream everything by name',
    'stream everything by last_updated_timestamp',
    'stream everything by creation_timestamp',
    'stream metric auc',
    'stream metric auc of the model',
    'stream tag.team',
    'stream stage',
    'stream alias',
    'stream run_id',
    'stream approval',
    'stream versions of the model',
    'stream versions of the model by update',
    'stream declared stage-auc',
    'stream declared by-creator',
    'stream declared lr',
    'collect tag.env',
    'collect name prefix',
    'collect metric auc',
    'collect versions of the model',
    'collect declared of-model',
  ],
  model: [
    'stream everything by name',
    'stream everything by last_updated_timestamp',
    'stream name',
    'stream tag.env',
    'collect tag.team',
    'collect name prefix',
  ],
};

test.each([
  ['version', 4_000],
  ['model', 6_000],
] as const)(
  'of random filters, each finds the same %ss in the same order as looking at every row',
  async (of, numRuns) => {
    const things = of === 'version' ? VERSIONS : MODELS;
    const used = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(SEARCHES[of], async (sent: Sent) => {
        const { conditions, terms } = written(of, sent);
        const search = { ...sent, conditions };
        const { plan, most, found = await unbounded(of, search, terms) } = await planned(of, search, terms);
        for (const { how, scan } of plan.steps)
          used.set(`${how} ${scan.index}`, (used.get(`${how} ${scan.index}`) ?? 0) + 1);
        expect(most).toBeLessThanOrEqual(25);
        expect(found).toEqual(naive(things, conditions, terms));
      }),
      { numRuns: examples(numRuns) },
    );
    if (ALL_EXAMPLES) expect(USED[of].filter((way) => !used.has(way))).toEqual([]);
  },
  120_000,
);
