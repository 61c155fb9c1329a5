import type { Version } from '../domain/version';
import type { Ports } from '../ports';

interface Place {
  readonly workspace: string;
  readonly modelId: string;
}

/** How many models are remembered. */
const REMEMBERED = 10_000;

/**
 * The newest version of each stage of a model, as it was last seen: that version is read while it is asked whether it still is the
 * newest, so that one step is enough where nothing has changed.
 */
const SEEN = new Map<string, Map<string, number | undefined>>();

/** The stages that a model had when its newest versions were last read. */
export function stagesSeen(modelId: string): readonly string[] {
  return [...(SEEN.get(modelId)?.keys() ?? [])];
}

/** Newest versions by stage; a stage without one has undefined. */
export type NewestVersions = ReadonlyMap<string, Version | undefined>;

/** The newest version of each of these stages; each costs two reads, whatever the number of versions. */
export async function newestVersions(
  { store }: Pick<Ports, 'store'>,
  place: Place,
  stages: readonly string[],
): Promise<NewestVersions> {
  return new Map(await Promise.all(stages.map(async (stage) => [stage, await newestOf(store, place, stage)] as const)));
}

/** Forgets the stages that a model has no more. */
export function rememberStages(modelId: string, stages: readonly string[]): void {
  const seen = SEEN.get(modelId);
  for (const stage of seen?.keys() ?? []) if (!stages.includes(stage)) seen?.delete(stage);
}

async function newestOf(store: Ports['store'], place: Place, stage: string): Promise<Version | undefined> {
  const read = (number: number) => store.get<'version'>({ kind: 'version', ...place, number }, { consistent: true });
  const guess = SEEN.get(place.modelId)?.get(stage);
  const [{ items }, guessed] = await Promise.all([
    store.query<'member'>({ kind: 'member', ...place, stage }, { limit: 1, order: 'descending', consistent: true }),
    guess === undefined ? undefined : read(guess),
  ]);
  const number = items[0]?.version;
  remember(place.modelId, stage, number);
  if (number === undefined) return undefined;
  // It may have been read before it came into the stage.
  const isCurrent = number === guess && guessed && !('deleted' in guessed) && guessed.stage === stage;
  const version = isCurrent ? guessed : await read(number);
  return version && !('deleted' in version) ? version : undefined;
}

function remember(modelId: string, stage: string, number: number | undefined): void {
  const seen = SEEN.get(modelId) ?? new Map<string, number | undefined>();
  if (SEEN.size >= REMEMBERED && !SEEN.has(modelId)) SEEN.delete(SEEN.keys().next().value as string);
  SEEN.set(modelId, seen.set(stage, number));
}
