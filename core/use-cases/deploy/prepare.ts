import type { Deployment } from '../../domain/deployment';
import { marked } from '../../domain/deployment-steps';
import { type Archive, Contention, HostRefusal } from '../../ports';
import { hostConfig, type Made } from './host-config';
import { keep, pageOf, writesOf } from './keep';
import type { Looked } from './look';
import type { DeployPorts } from './ports';

/** From then on packing has ended, well or not, and is asked for again. */
const PACKED_WITHIN = 20 * 60_000;
const MOST_PACKINGS = 3;

/**
 * Makes archives, models and the configuration of the newest deployment ready, and writes down what the endpoint was
 * before the host is told to use it. @returns whether files are being packed, which is told when it is done
 */
export async function prepare(ports: DeployPorts, looked: Looked, requestId: string): Promise<boolean> {
  const { target, situation } = looked;
  const { current, endpoint } = situation;
  if (!current) throw new Error('there is no deployment to prepare');
  const mark = async (state: Deployment['state'], change: Partial<Deployment>, reason?: string) => {
    const page = pageOf(ports, looked, requestId);
    await keep(ports, page, writesOf(marked(target, situation, { deployment: current, state, reason }, page, change)));
  };
  let made: Made;
  try {
    made = await hostConfig(ports, current);
    if (differs(made, current)) throw new Contention('the containers were edited since the gate looked at them');
    const missing = await missingOf(ports, made.archives);
    if (missing > 0) return await waitForPacking(ports, current, mark);
    await ports.host.prepare(made.config);
  } catch (error) {
    if (!(error instanceof HostRefusal)) throw error;
    await mark('failed', {}, error.message);
    return false;
  }
  const { name, variants } = made.config;
  const models = variants.map(({ model }) => model);
  const monitors = made.monitors.map(({ kind, name }) => ({ kind, name }));
  const watched = monitors.length > 0 && { monitors };
  await mark('creating', { config: name, models, ...watched, before: endpoint?.lastModified ?? '' });
  return false;
}

/** Whether other containers would be made ready than those that the gate let through. */
function differs({ containers }: Made, { state, wish }: Deployment): boolean {
  const isMade = state !== 'requested' && state !== 'preparing';
  return !isMade && wish.containers !== undefined && wish.containers !== containers;
}

async function missingOf({ archives }: DeployPorts, wanted: readonly Archive[]): Promise<number> {
  const there = await Promise.all(wanted.map(({ key }) => archives.exists(key)));
  return there.filter((one) => !one).length;
}

/** Asks for packing by an event; again where nothing came of it, a few times. */
async function waitForPacking(
  { clock }: DeployPorts,
  { packing }: Deployment,
  mark: (state: Deployment['state'], change: Partial<Deployment>, reason?: string) => Promise<void>,
): Promise<boolean> {
  const now = clock();
  const times = packing?.times ?? 0;
  if (packing && now.getTime() - Date.parse(packing.askedAt) < PACKED_WITHIN) return true;
  if (times >= MOST_PACKINGS) {
    await mark('failed', {}, `packing_failed: the files could not be packed ${MOST_PACKINGS} times`);
    return false;
  }
  await mark('preparing', { packing: { askedAt: now.toISOString(), times: times + 1 } });
  return true;
}
/**
 * Packs what a deployment waits for. What is there already is not made again.
 * @returns whether anything was to be packed
 */
export async function pack(
  ports: Pick<DeployPorts, 'store' | 'sha256' | 'archives'>,
  place: { readonly workspace: string; readonly modelId: string; readonly deployment: string },
): Promise<Deployment | undefined> {
  const { workspace, modelId, deployment: id } = place;
  const deployment = await ports.store.get<'deployment'>(
    { kind: 'deployment', workspace, modelId, id },
    { consistent: true },
  );
  if (deployment?.state !== 'preparing') return undefined;
  const { archives } = await hostConfig(ports, deployment);
  for (const archive of archives) {
    if (!(await ports.archives.exists(archive.key))) await ports.archives.make(archive);
  }
  return deployment;
}
