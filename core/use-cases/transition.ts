import { RegistryError } from '../domain/errors';
import { type Holder, type Key, put, type Write } from '../domain/records';
import { ARCHIVE_STAGE, checkTransition, INITIAL_STAGE, type Stage, stageNamed } from '../domain/stages';
import { checkReady, checkUnlocked, type Version } from '../domain/version';
import type { Ports } from '../ports';
import type { UseCase } from './call';
import { aboutVersion, answerWith, historyOf, revised, versionKey } from './change-version';
import { checkIfMatch, versionEtag } from './etag';
import { execute } from './execute';
import type { History } from './history';
import { asVersion, type Loaded, loadVersion } from './load';
import { holderKey, leaveStage, openStay } from './stays';
import type { VersionView } from './views';

interface Transition {
  params: { model: string; version: number };
  body: { stage: string; reason?: string | undefined };
}

function checkApproved(version: Version, stage: Stage): void {
  if (!stage.requiresApproval || version.approval.status === 'Approved') return;
  throw new RegistryError('approval_required', `Only approved versions may enter ${stage.name}.`, [
    {
      field: 'body.stage',
      value: stage.name,
      rule: `the version's approval is ${version.approval.status}, not Approved`,
    },
  ]);
}

/** The version that holds an exclusive stage now, which the one that enters replaces. */
async function replacedBy(
  ports: Ports,
  { model }: Loaded,
  stage: Stage,
  holder: Holder | undefined,
): Promise<Version | undefined> {
  if (!stage.exclusive || !holder) return undefined;
  const key: Key<'version'> = {
    kind: 'version',
    workspace: model.workspace,
    modelId: model.id,
    number: holder.version,
  };
  const replaced = asVersion(await ports.store.get(key, { consistent: true }), model.name, holder.version);
  if (replaced.lock) {
    throw new RegistryError('version_locked', `Version ${replaced.number}, which holds ${stage.name}, is locked.`, [
      { field: 'body.stage', value: stage.name, rule: `held by no locked version: ${replaced.lock.reason}` },
    ]);
  }
  return replaced;
}

/** Moves a version, and tells so in one event. Returns the version as it is then, and the writes. */
function move(version: Version, from: Loaded['model'], to: Stage, reason: string | undefined, history: History) {
  const { workspace, modelId, number, semanticVersion, artifacts } = version;
  const revision = history.add(
    aboutVersion(version, {
      type: 'version.stage_changed',
      changed: ['stage'],
      previous: { stage: version.stage },
      current: { stage: to.name },
      ...(reason !== undefined && { reason }),
    }),
  );
  const { stay: _, ...bare } = version;
  const stay =
    to.name === INITIAL_STAGE
      ? undefined
      : { from: history.at, by: history.actor, entered: revision, exclusive: to.exclusive };
  const next = revised({ ...bare, stage: to.name, ...(stay && { stay }) }, history, revision);
  const writes: Write[] = [
    ...leaveStage(version, from.stages, history, revision),
    put<'version'>(versionKey(next), next),
    put<'member'>({ kind: 'member', workspace, modelId, stage: to.name, number }, { version: number }),
  ];
  if (stay) {
    const { from: since, by, entered, exclusive } = stay;
    writes.push(
      openStay(version, { stage: to.name }, { version: number, from: since, enteredBy: by, entered, exclusive }),
    );
  }
  if (to.exclusive && artifacts) {
    const holder: Holder = {
      slot: to.name,
      version: number,
      since: history.at,
      by: history.actor,
      artifacts,
      ...(semanticVersion !== undefined && { semanticVersion }),
      revision,
    };
    writes.push(put<'holder'>(holderKey(workspace, modelId, { stage: to.name }), holder));
  }
  return { next, writes };
}

function sameKey(a: Key, b: Key): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Keeps of each deletion only those whose key is not written as well. */
function withoutOverwritten(writes: readonly Write[]): Write[] {
  const written = writes.flatMap((write) => ('put' in write ? [write.put] : []));
  return writes.filter((write) => !('delete' in write) || !written.some((key) => sameKey(key, write.delete)));
}

/**
 * Moves a version to another stage of its model, if the model's transitions allow it, the version is READY and, where
 * the stage asks for it, approved. Who held an exclusive stage before is archived in the same transaction.
 */
export const transitionVersion: UseCase<Transition, VersionView> =
  (ports) =>
  ({ params, body }, call) =>
    execute(ports, call, async () => {
      const loaded = await loadVersion<['holder']>(ports, call, params.model, params.version, (modelId) => [
        holderKey(call.workspace, modelId, { stage: body.stage }) as Key<'holder'>,
      ]);
      const { model, version, also } = loaded;
      checkIfMatch(call.ifMatch, versionEtag(version));
      const stage = stageNamed(model.stages, body.stage, 'body.stage');
      checkTransition(model.stages, version.stage, stage.name, 'body.stage');
      checkUnlocked(version);
      checkReady(version);
      checkApproved(version, stage);
      const replaced = await replacedBy(ports, loaded as unknown as Loaded, stage, also[0]);
      const history = historyOf(ports, call, loaded as unknown as Loaded);
      const archived = replaced
        ? move(
            replaced,
            model,
            stageNamed(model.stages, ARCHIVE_STAGE, 'body.stage'),
            `replaced by version ${version.number}`,
            history,
          )
        : undefined;
      const moved = move(version, model, stage, body.reason, history);
      const { heads, writes } = history.close();
      return {
        answer: answerWith(moved.next, model.name),
        change: {
          heads,
          writes: [...withoutOverwritten([...(archived?.writes ?? []), ...moved.writes]), ...writes],
          absent: [],
        },
      };
    });
