import { type Holder, type Key, put, type Slot, type Stay, type Write } from '../domain/records';
import type { StageScheme } from '../domain/stages';
import type { Version } from '../domain/version';
import type { History } from './history';

interface Place {
  readonly workspace: string;
  readonly modelId: string;
}

/** Where the holder of a slot is. */
export function holderKey(workspace: string, modelId: string, slot: Slot): Key<'holder'> {
  return { kind: 'holder', workspace, modelId, slot };
}

/** The record of a version that holds a slot: what resolving it answers. */
export function holderOfSlot(
  slot: string,
  { number, semanticVersion }: Pick<Version, 'number' | 'semanticVersion'>,
  held: Pick<Holder, 'since' | 'by' | 'artifacts' | 'revision'>,
): Holder {
  return { slot, version: number, ...held, ...(semanticVersion !== undefined && { semanticVersion }) };
}

/** Begins a stay in a slot. */
export function openStay({ workspace, modelId }: Place, slot: Slot, stay: Stay): Write {
  return put<'stay'>({ kind: 'stay', workspace, modelId, slot, from: stay.from, entered: stay.entered }, stay);
}

/** Ends a stay in a slot. */
export function closeStay(
  place: Place,
  slot: Slot,
  stay: Pick<Stay, 'version' | 'from' | 'entered' | 'exclusive' | 'admitted'> & { readonly by: Stay['enteredBy'] },
  history: History,
  left: number,
): Write {
  const { version, from, by, entered, exclusive, admitted } = stay;
  return openStay(place, slot, {
    version,
    from,
    to: history.at,
    enteredBy: by,
    leftBy: history.actor,
    entered,
    left,
    exclusive,
    ...(admitted && { admitted }),
  });
}

/** Writes of a version that leaves its stage: it is no longer a member nor the holder, and its stay has ended. */
export function leaveStage(version: Version, scheme: StageScheme, history: History, left: number): Write[] {
  const { workspace, modelId, number, stage, stay } = version;
  const member: Write = { delete: { kind: 'member', workspace, modelId, stage, number } };
  if (!stay) return [member];
  const closed = closeStay(version, { stage }, { version: number, ...stay }, history, left);
  const exclusive = scheme.stages.some(({ name, exclusive }) => name === stage && exclusive);
  return exclusive ? [member, closed, { delete: holderKey(workspace, modelId, { stage }) }] : [member, closed];
}
