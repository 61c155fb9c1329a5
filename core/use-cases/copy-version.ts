import { UNREVIEWED } from '../domain/approval';
import { RegistryError } from '../domain/errors';
import { differenceBetween } from '../domain/event';
import { checkWorkspaceName } from '../domain/names';
import { INITIAL_STAGE } from '../domain/stages';
import { checkReady, MAP_FIELDS, METADATA_FIELDS, metadataOf, toldOf, type Version } from '../domain/version';
import { Contention } from '../ports';
import { callAt } from './access/elsewhere';
import type { UseCase } from './call';
import { aboutVersion, answerWith, historyOf, versionKey } from './change-version';
import { commandOnVersion } from './command-on-version';
import { checkActive, loadModel } from './load';
import { cardKey, cardRevision } from './model-cards';
import { placeOfFiles } from './place-of-files';
import { newVersion, semanticKey, semanticTaken } from './register-version';
import type { VersionView } from './views';

interface CopyVersion {
  params: { model: string; version: number };
  body: { model: string; workspace?: string | undefined; semanticVersion?: string | undefined };
}

/**
 * Copies a READY version to another model, perhaps of another workspace: the copy is READY with the same files (which
 * are not sent again), the same metadata and what the newest model card says, unreviewed and in no stage; both histories tell
 * of it. Evaluations stay with the version that was evaluated.
 */
export const copyVersion: UseCase<CopyVersion, VersionView> =
  (ports) =>
  ({ params, body }, call) => {
    const workspace =
      body.workspace === undefined ? call.workspace : checkWorkspaceName(body.workspace, 'body.workspace');
    if (workspace === call.workspace && body.model === params.model) {
      throw new RegistryError('invalid_input', 'A version is copied to another model.', [
        { field: 'body.model', value: body.model, rule: 'another model than the one copied from' },
      ]);
    }
    return commandOnVersion(ports, call, params, async (source) => {
      const original = source.version;
      checkReady(original);
      const there = await callAt(ports, call, { workspace, model: body.model }, 'register');
      const { semanticVersion } = body;
      const target = await loadModel<['semantic'] | []>(
        ports,
        there,
        body.model,
        (modelId) => (semanticVersion === undefined ? [] : [semanticKey(workspace, modelId, semanticVersion)]),
        'body',
      );
      if (target.model.id === source.model.id) throw new Contention('the model was renamed to the target meanwhile');
      checkActive(target.model, 'body');
      if (semanticVersion !== undefined && target.also[0]) {
        throw semanticTaken(semanticVersion, target.also[0].version);
      }
      const number = target.head.lastVersion + 1;
      const { model } = source;
      const copiedFrom = {
        workspace: call.workspace,
        model: model.name,
        modelId: model.id,
        version: original.number,
      };
      const identity = {
        ...(semanticVersion !== undefined && { semanticVersion }),
        ...(original.artifacts && { artifacts: original.artifacts }),
      };
      const said = metadataOf(original);
      const origin = { workspace: copiedFrom.workspace, model: copiedFrom.model, version: copiedFrom.version };
      const arrival = historyOf(ports, there, target as never);
      const fields = ['status', ...METADATA_FIELDS, 'semanticVersion', 'artifacts', 'copiedFrom'];
      const revision = arrival.add({
        type: 'version.registered',
        version: number,
        ...differenceBetween(
          {},
          { status: 'READY', ...toldOf(said), ...identity, copiedFrom: origin },
          fields,
          MAP_FIELDS,
        ),
        ...(original.artifacts && { artifactDigest: original.artifacts.digest }),
      });
      const arrived: Version = {
        ...said,
        ...identity,
        workspace,
        modelId: target.model.id,
        number,
        status: 'READY',
        stage: INITIAL_STAGE,
        approval: UNREVIEWED,
        aliases: [],
        copiedFrom,
        filesOf: placeOfFiles(original),
        ...(original.location !== undefined && { location: original.location }),
        createdAt: arrival.at,
        createdBy: arrival.actor,
        updatedAt: arrival.at,
        updatedBy: arrival.actor,
        editedAt: arrival.at,
        revision,
      };
      const card = original.card && (await ports.store.get<'card'>(cardKey(original, original.card.revision)));
      const carried =
        card &&
        cardRevision(ports, arrival, arrived, undefined, {
          content: card,
          status: card.status === 'Approved' ? 'PendingReview' : card.status,
        });
      const copy: Version = { ...arrived, ...(carried && { card: carried.summary }), revision: arrival.newest };
      const departure = historyOf(ports, call, source);
      departure.add(
        aboutVersion(original, {
          type: 'version.copied',
          changed: ['copiedTo'],
          previous: {},
          current: { copiedTo: { workspace, model: target.model.name, version: number } },
        }),
      );
      const [left, entered] = [departure.close(), arrival.close(number)];
      return {
        answer: answerWith(copy, target.model.name),
        change: {
          heads: [...left.heads, ...entered.heads],
          writes: [...newVersion(copy), ...(carried ? [carried.write] : []), ...left.writes, ...entered.writes],
          absent: [versionKey(copy)],
        },
      };
    });
  };
