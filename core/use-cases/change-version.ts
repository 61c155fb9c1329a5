import type { EventDraft } from '../domain/event';
import { type Key, put, type Write } from '../domain/records';
import type { Version } from '../domain/version';
import type { Ports } from '../ports';
import type { Call, Decision } from './call';
import { versionEtag } from './etag';
import { History } from './history';
import type { Loaded } from './load';
import { type VersionView, versionView } from './views';

/** Where a version is stored. */
export function versionKey({
  workspace,
  modelId,
  number,
}: Pick<Version, 'workspace' | 'modelId' | 'number'>): Key<'version'> {
  return { kind: 'version', workspace, modelId, number };
}

/** The history of a loaded model, to be continued. */
export function historyOf(
  ports: Pick<Ports, 'clock' | 'newId' | 'sha256'>,
  call: Pick<Call, 'principal' | 'requestId'>,
  { model, head }: Pick<Loaded, 'model' | 'head'>,
): History {
  return new History(ports, call, head, model.workspace, { id: model.id, name: model.name });
}

/** A version's next state with who changed it and when. */
export function revised(version: Version, history: History, revision: number): Version {
  return { ...version, updatedAt: history.at, updatedBy: history.actor, revision };
}

/** The draft of an event about a version. */
export function aboutVersion(version: Version, draft: EventDraft): EventDraft {
  return {
    ...draft,
    version: version.number,
    ...(version.artifacts && { artifactDigest: version.artifacts.digest }),
  };
}

/** Decides a change of one version that one event tells. */
export function changeOf(
  { model }: Pick<Loaded, 'model'>,
  history: History,
  change: { readonly next: Version; readonly event: EventDraft; readonly writes?: readonly Write[] },
): Decision<VersionView> {
  const { next, event } = change;
  const edited = event.changed.includes('description') ? { ...next, editedAt: history.at } : next;
  const stored = revised(edited, history, history.add(aboutVersion(next, event)));
  const { heads, writes } = history.close();
  return {
    answer: answerWith(stored, model.name),
    change: {
      heads,
      writes: [put<'version'>(versionKey(stored), stored), ...(change.writes ?? []), ...writes],
      absent: [],
    },
  };
}

/** The answer of every command that leaves a version behind. */
export function answerWith(version: Version, model: string) {
  return { body: versionView(version, model), etag: versionEtag(version) };
}
