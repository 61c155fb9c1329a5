import { guardOf, guardText } from '../../domain/approval-policy';
import type { Governed } from '../../domain/gate';
import type { Head, Model } from '../../domain/model';
import { containersText } from '../../domain/request';
import { sameSlot } from '../../domain/slot';
import type { Admitted } from '../../domain/stages';
import type { Tombstone, Version } from '../../domain/version';
import type { Ports } from '../../ports';
import { factsOf, type Policies } from '../guarding';
import { requestKey } from '../load-request';

/** A model as of one moment, with the policies that may guard its stages. */
export interface Ruled {
  readonly model: Model;
  readonly head: Head;
  readonly policies: Policies;
}

/**
 * The policy of a stage as it is now, and what let a version in there; nothing where no policy guards the stage. What the
 * policy compares with the stage itself was judged as the version entered: by now it is what the stage holds, or held.
 */
export async function governedBy(
  ports: Pick<Ports, 'store' | 'sha256'>,
  { model, head, policies }: Ruled,
  stage: string,
  version: Version,
  admitted: Admitted | undefined,
): Promise<Governed | undefined> {
  const guarded = guardOf(policies.model, policies.workspace, { stage });
  if (!guarded) return undefined;
  const { workspace, id: modelId } = model;
  const key = admitted?.request === undefined ? undefined : requestKey({ workspace, modelId, id: admitted.request });
  const [request, facts] = await Promise.all([
    key && ports.store.get<'request'>(key, { consistent: true }),
    // The gate has the time of its own.
    factsOf(ports, { model, head }, version, guarded, ''),
  ]);
  const holder: typeof facts.holder = (slot) => (sameSlot(slot, { stage }) ? undefined : facts.holder(slot));
  return {
    guard: guarded.guard,
    ...(request && { request }),
    passedOver: admitted?.guard !== undefined && admitted.guard === ports.sha256(guardText(guarded.guard)),
    facts: { ...facts, holder },
  };
}

/** Digest of the containers of a version; empty where there is none. */
export function containersOf({ sha256 }: Pick<Ports, 'sha256'>, version: Version | Tombstone | undefined): string {
  return version && !('deleted' in version) ? sha256(containersText(version)) : '';
}
