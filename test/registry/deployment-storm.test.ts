import { DEPLOYING_EVENTS } from '../../contract/events';
import { EVENT_SOURCE } from '../../contract/names';
import type { RegistryEvent } from '../../core/domain/event';
import type { TargetPlace } from '../../core/ports';
import { type DeployMessage, handleDeployMessage } from '../../core/use-cases';
import { compilePattern } from '../../local/events/pattern';
import { deploying, serveable, toProduction, withTarget } from '../support/deployments';
import { sized } from '../support/examples';
import { under } from '../support/faults';
import { memoryRegistry } from '../support/memory-registry';
import { sender } from '../support/trials';

const { registry } = memoryRegistry();
const send = sender(registry);
const world = deploying(registry);
/** As the rule of the deployer has it; test/lib compares the rule of the template with the same list. */
const matches = compilePattern({ source: [EVENT_SOURCE], 'detail-type': [...DEPLOYING_EVENTS] });

/** Messages that the rule makes of the events that a model has told since some sequence. */
async function messages({ workspace, modelId }: TargetPlace, since: number): Promise<DeployMessage[]> {
  const all: RegistryEvent[] = [];
  let after: string | undefined;
  do {
    const page = await registry.ports.store.query<'event'>(
      { kind: 'event', workspace, modelId },
      { limit: 1_000, order: 'ascending', consistent: true, ...(after !== undefined && { after }) },
    );
    all.push(...(page.items as RegistryEvent[]));
    after = page.next;
  } while (after !== undefined);
  return all
    .filter(({ sequence }) => sequence > since)
    .filter((event) => matches({ source: EVENT_SOURCE, 'detail-type': event.type, detail: event }))
    .map((event) => ({ source: EVENT_SOURCE, id: event.id, detail: { ...event } }));
}

const sequenceOf = async ({ workspace, modelId }: TargetPlace) =>
  (await registry.ports.store.get<'head'>({ kind: 'head', workspace, modelId }))?.sequence ?? 0;

async function serving(model: string): Promise<TargetPlace> {
  const place = await withTarget(send, model);
  await toProduction(send, model, await serveable(send, model));
  await world.quiesce(place);
  return place;
}

const EDITS = sized(1_000, 200);

test(`${EDITS} edits of the tags of an approved version that serves start no deployment and call SageMaker not once`, async () => {
  const place = await serving('stormy');
  const before = await sequenceOf(place);
  const calls: string[] = [];
  await under({ calls }, async () => {
    for (let edit = 0; edit < EDITS; edit++) {
      await send('PUT', `/v1/models/stormy/versions/1/tags/owner`, { value: `team ${edit}` });
    }
  });
  expect(await sequenceOf(place)).toBe(before + EDITS);
  expect(await messages(place, before)).toEqual([]);
  expect(calls.filter((call) => !/^(TransactGetItems|TransactWriteItems|GetItem|Query)$/.test(call))).toEqual([]);
  // Whoever looks all the same finds nothing to do, and only asks how the endpoint is.
  const looking: string[] = [];
  expect(await under({ calls: looking }, () => world.look(place))).toBe('settled');
  expect(looking.filter((call) => !/^(GetItem|Query)$/.test(call))).toEqual(['describe']);
  expect((await send('GET', '/v1/models/stormy/deployments')).body.items).toHaveLength(1);
});

test('approved, rejected and approved within a second, a version is deployed once, by its messages twice and in any order', async () => {
  const place = await serving('hasty');
  await serveable(send, 'hasty');
  await toProduction(send, 'hasty', 2);
  const before = await sequenceOf(place);
  for (const status of ['Rejected', 'Approved', 'Rejected', 'Approved']) {
    await send('POST', '/v1/models/hasty/versions/2/approval', { status, reason: 'looked again' });
  }
  const told = await messages(place, before);
  expect(told).toHaveLength(4);
  const handle = handleDeployMessage(world.ports);
  for (const message of [...told, ...told.toReversed()]) await handle(message);
  await world.quiesce(place);
  expect(world.host.versionOf('signet-hasty')).toBe(2);
  expect(world.host.changes.filter((change) => change.startsWith('update signet-hasty'))).toHaveLength(1);
  const { items } = (await send('GET', '/v1/models/hasty/deployments')).body;
  expect(items.map(({ version, state }: { version: number; state: string }) => `${version} ${state}`)).toEqual([
    '2 in_service',
    '1 superseded',
  ]);
});
