/** What a model card says in numbers and names. Everything else of it stays where it is. */
export interface CardFacts {
  readonly metrics: Readonly<Record<string, number>>;
  readonly hyperParameters: Readonly<Record<string, string | number | boolean>>;
  readonly datasets: readonly { readonly uri: string; readonly role: 'training' | 'test' }[];
  readonly trainingJob?: string;
}

type Loose = Readonly<Record<string, unknown>>;

function object(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

function list(value: unknown): readonly Loose[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function parsed(card: string): Loose {
  try {
    return object(JSON.parse(card));
  } catch {
    return {};
  }
}

/** Names with values; of a name that is there already, the next one stands under the name of its group. */
function named<T>(entries: readonly { group: string; name: unknown; value: T | undefined }[]): Record<string, T> {
  const found = new Map<string, T>();
  for (const { group, name, value } of entries) {
    if (typeof name !== 'string' || value === undefined) continue;
    const free = [name, `${group}/${name}`].find((one) => !found.has(one));
    if (free !== undefined) found.set(free, value);
  }
  return Object.fromEntries(found);
}

function numberOf({ value }: Loose): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function plainOf({ value }: Loose): string | number | boolean | undefined {
  return typeof value === 'string' || typeof value === 'boolean' ? value : numberOf({ value });
}

/**
 * Reads a model card of SageMaker: metrics of evaluations and of training, hyper-parameters, datasets and the training job.
 * A card that is not as SageMaker documents it says nothing.
 */
export function cardFacts(card: string | undefined): CardFacts {
  const { training_details, evaluation_details } = parsed(card ?? '{}');
  const job = object(object(training_details)['training_job_details']);
  const evaluations = list(evaluation_details);
  const evaluated = evaluations.flatMap(({ metric_groups }) =>
    list(metric_groups).flatMap(({ name: group, metric_data }) =>
      list(metric_data).map((one) => ({ group: String(group), name: one['name'], value: numberOf(one) })),
    ),
  );
  const trained = [...list(job['training_metrics']), ...list(job['user_provided_training_metrics'])].map((one) => ({
    group: 'training',
    name: one['name'],
    value: numberOf(one),
  }));
  const set = [...list(job['hyper_parameters']), ...list(job['user_provided_hyper_parameters'])].map((one) => ({
    group: 'user',
    name: one['name'],
    value: plainOf(one),
  }));
  const trainingJob = job['training_arn'];
  return {
    metrics: named([...evaluated, ...trained]),
    hyperParameters: named(set),
    datasets: [
      ...texts(job['training_datasets']).map((uri) => ({ uri, role: 'training' as const })),
      ...evaluations.flatMap(({ datasets }) => texts(datasets)).map((uri) => ({ uri, role: 'test' as const })),
    ],
    ...(typeof trainingJob === 'string' && { trainingJob }),
  };
}
