import type { CardStatus } from '../domain/assessment-terms';
import { RegistryError } from '../domain/errors';
import {
  type CardContent,
  cardDifference,
  cardText,
  checkCard,
  contentOfCard,
  type ModelCard,
} from '../domain/model-card';
import { type Key, put, type Write } from '../domain/records';
import { checkUnlocked, type Version } from '../domain/version';
import type { Page, PageRequest, Ports, Row } from '../ports';
import type { Answer, Call, Decision, UseCase } from './call';
import { aboutVersion, historyOf, revised, versionKey } from './change-version';
import type { OneVersion } from './command-on-version';
import { cardEtag, checkIfMatch } from './etag';
import { execute } from './execute';
import type { History } from './history';
import { type Loaded, loadVersion, readOfVersion, readVersion } from './load';
import type { Loose } from './loose';

/** A revision of a card as callers see it. */
export type CardView = ModelCard & { readonly workspace: string; readonly model: string };

/** A revision in a list: who made it when, and how it stands, without what it says. */
export type CardRow = Pick<ModelCard, 'version' | 'revision' | 'status' | 'riskRating' | 'createdAt' | 'createdBy'> &
  Pick<Row<'card'>, 'reason' | 'omitted'>;

interface PutCard {
  params: OneVersion;
  body: Loose<CardContent> & { status: CardStatus; reason?: string | undefined };
}

interface SetStatus {
  params: OneVersion;
  body: { status: CardStatus; reason?: string | undefined };
}

/** What a revision says anew. */
interface NextCard {
  readonly content: CardContent;
  readonly status: CardStatus;
  readonly reason?: string | undefined;
}

type Place = Pick<Version, 'workspace' | 'modelId' | 'number'>;

/** Where a revision of the card of a version is. */
export function cardKey({ workspace, modelId, number: version }: Place, revision: number): Key<'card'> {
  return { kind: 'card', workspace, modelId, version, revision };
}

function answerOf({ workspace, modelId }: Place, model: string, card: ModelCard): Answer<CardView> {
  return { body: { workspace, model, ...card }, etag: cardEtag(modelId, card) };
}

function missingCard(version: number, revision?: number): RegistryError {
  if (revision === undefined) {
    const violation = { field: 'path.version', value: version, rule: 'a version with a model card' };
    return new RegistryError('card_not_found', `Version ${version} has no model card.`, [violation]);
  }
  return new RegistryError('card_not_found', `The model card of version ${version} has no revision ${revision}.`, [
    { field: 'path.revision', value: revision, rule: 'exists' },
  ]);
}

/**
 * The next revision of a version's card, which one event tells.
 * @returns what is written of the card, and what the version says of it
 */
export function cardRevision(
  { sha256 }: Pick<Ports, 'sha256'>,
  history: History,
  version: Version,
  before: ModelCard | undefined,
  { content, status, reason }: NextCard,
): { readonly card: ModelCard; readonly summary: NonNullable<Version['card']>; readonly write: Write } {
  const why = reason !== undefined && { reason };
  const card: ModelCard = {
    version: version.number,
    revision: (before?.revision ?? 0) + 1,
    status,
    ...contentOfCard(content),
    ...why,
    createdAt: history.at,
    createdBy: history.actor,
  };
  history.add(aboutVersion(version, { type: 'version.card_changed', ...cardDifference(before, card), ...why }));
  const { revision, riskRating } = card;
  return {
    card,
    summary: { revision, status, riskRating, contentDigest: sha256(cardText(card)) },
    write: put<'card'>(cardKey(version, revision), card),
  };
}

/** A version with its newest card, as a command sees them. */
type LoadedCard = Loaded & { readonly version: Version; readonly card: ModelCard | undefined };

/**
 * Runs a command on the card of a version: loads both, honours If-Match, and decides. The card is read after the snapshot;
 * revisions never change, so it is the one that the version names.
 * @throws RegistryError model_not_found, version_not_found, model_archived, version_locked, precondition_failed
 */
function commandOnCard(
  ports: Ports,
  call: Call,
  { model, version: number }: OneVersion,
  decide: (loaded: LoadedCard) => Promise<NextCard | ModelCard> | NextCard | ModelCard,
): Promise<Answer<CardView>> {
  return execute(ports, call, async (): Promise<Decision<CardView>> => {
    const loaded = await loadVersion(ports, call, model, number);
    const { version } = loaded;
    const card = version.card && (await ports.store.get<'card'>(cardKey(version, version.card.revision)));
    checkIfMatch(call.ifMatch, card && cardEtag(version.modelId, card));
    checkUnlocked(version);
    const decided = await decide({ ...loaded, card });
    if ('createdAt' in decided) return { answer: answerOf(version, loaded.model.name, decided) };
    const history = historyOf(ports, call, loaded);
    const next = cardRevision(ports, history, version, card, decided);
    const stored = revised({ ...version, card: next.summary }, history, history.newest);
    const { heads, writes } = history.close();
    return {
      answer: answerOf(version, loaded.model.name, next.card),
      change: {
        heads,
        writes: [next.write, put<'version'>(versionKey(stored), stored), ...writes],
        absent: [cardKey(version, next.card.revision)],
      },
    };
  });
}

/**
 * Gives the card of a version its next revision, with what it says in place of all that it said. The same again leaves no
 * trace. What is Approved is so by somebody who may approve.
 */
export const putModelCard: UseCase<PutCard, CardView> =
  (ports) =>
  ({ params, body }, call) => {
    const { status, reason, ...said } = body;
    const content = contentOfCard(said as CardContent);
    checkCard(content, 'body');
    return commandOnCard(ports, call, params, async ({ card }) => {
      if (card && card.status === status && cardText(card) === cardText(content)) return card;
      if (status === 'Approved' && !(await call.access.may('approve'))) {
        throw new RegistryError('forbidden', 'A model card is approved by who may approve the version.', [
          { field: 'body.status', value: status, rule: 'the right approve' },
        ]);
      }
      return { content, status, reason };
    });
  };

/** Gives the card of a version another status, as a revision that says the same. */
export const setModelCardStatus: UseCase<SetStatus, CardView> =
  (ports) =>
  ({ params, body: { status, reason } }, call) =>
    commandOnCard(ports, call, params, ({ card }) => {
      if (!card) throw missingCard(params.version);
      return card.status === status ? card : { content: card, status, reason };
    });

/** Shows the newest revision of the card of a version. */
export const getModelCard: UseCase<{ params: OneVersion }, CardView> =
  (ports) =>
  async ({ params }, call) => {
    const version = await readVersion(ports, call, params.model, params.version);
    const card = version.card && (await ports.store.get<'card'>(cardKey(version, version.card.revision)));
    if (!card) throw missingCard(params.version);
    return answerOf(version, params.model, card);
  };

/** Shows one revision of the card of a version. */
export const getModelCardRevision: UseCase<{ params: OneVersion & { revision: number } }, CardView> =
  (ports) =>
  async ({ params }, call) => {
    const { revision } = params;
    const { version, record: card } = await readOfVersion(ports, call, params, (place) => cardKey(place, revision));
    if (!card) throw missingCard(version.number, revision);
    return answerOf(version, params.model, card);
  };

/** Lists the revisions of the card of a version, the newest first unless asked otherwise. */
export const listModelCardRevisions: UseCase<{ params: OneVersion; page: PageRequest }, Page<CardRow>> =
  (ports) =>
  async ({ params, page }, call) => {
    const { workspace, modelId, number } = await readVersion(ports, call, params.model, params.version);
    const range = { kind: 'card', workspace, modelId, version: number } as const;
    const rows = await ports.store.query<'card'>(range, page);
    return { body: { ...rows, items: rows.items.map(rowOf) } };
  };

function rowOf({ version, revision, status, riskRating, createdAt, createdBy, reason, omitted }: Row<'card'>): CardRow {
  return {
    version,
    revision,
    status,
    riskRating,
    createdAt,
    createdBy,
    ...(reason !== undefined && { reason }),
    ...(omitted?.includes('reason') && { omitted: ['reason'] }),
  };
}
