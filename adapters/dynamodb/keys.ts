import { INDEXES, TABLE } from '../../contract/names';
import { type AuditRecord, auditPosition } from '../../core/domain/audit';
import type { Key, Kind, Records, Slot } from '../../core/domain/records';
import { accountOf, type Subject } from '../../core/domain/subject';
import type { Range, ReplayKey } from '../../core/ports';

/** Key attributes of an item in the table. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Partition of the index that holds the targets of the whole registry: what is reconciled by and by. */
const ALL_TARGETS = 'T';

/** Sorts after every other sort key of its partition. */
const LAST = '~';

/** After every time and before the overflow items, which lie in the same partition. */
const ALL_TIMES = '9999';

/** Spread over more than one partition when one no longer takes the writes of a workspace (1,000 a second). */
const SHARD = '0';

function digits(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

function partition({ workspace, modelId }: { workspace: string; modelId?: string | undefined }): string {
  return modelId === undefined
    ? `${TABLE.workspacePartition}${workspace}`
    : `${TABLE.modelPartition}${workspace}#${modelId}`;
}

function slotText(slot: Slot): string {
  return 'alias' in slot ? `A#${slot.alias}` : `S#${slot.stage}`;
}

function stayPartition(workspace: string, modelId: string, slot: Slot): string {
  return `H#${workspace}#${modelId}#${slotText(slot)}`;
}

/**
 * Where a record is kept. Free texts (names, aliases, paths) stand only at the end of a key, so they need no escaping;
 * every other part has a fixed form without `#`.
 */
export function itemKey(key: Key): ItemKey {
  switch (key.kind) {
    case 'workspace':
      return { pk: partition(key), sk: LAST };
    case 'name':
      return { pk: `N#${key.workspace}#${key.name}`, sk: LAST };
    case 'head':
      return { pk: partition(key), sk: 'Z' };
    case 'model':
      return { pk: partition(key), sk: LAST };
    case 'version':
      return { pk: partition(key), sk: `V#${digits(key.number, 10)}` };
    case 'member':
      return { pk: partition(key), sk: `P#${key.stage}#${digits(key.number, 10)}` };
    case 'holder':
      return { pk: partition(key), sk: slotText(key.slot) };
    case 'stay':
      return {
        pk: stayPartition(key.workspace, key.modelId, key.slot),
        sk: `${key.from}#${digits(key.entered, 12)}`,
      };
    case 'semantic':
      return { pk: partition(key), sk: `Q#${key.semanticVersion}` };
    case 'file':
      return { pk: partition(key), sk: `F#${digits(key.version, 10)}#${key.path}` };
    case 'comment':
      return { pk: partition(key), sk: `C#${digits(key.version, 10)}#${key.id}` };
    case 'card':
      return { pk: partition(key), sk: `D#${digits(key.version, 10)}#${digits(key.revision, 10)}` };
    case 'evaluation':
      return { pk: partition(key), sk: `X#${digits(key.version, 10)}#${key.id}` };
    case 'lock':
      return { pk: partition(key), sk: `L#${digits(key.number, 10)}` };
    case 'event':
      return { pk: partition(key), sk: `${TABLE.eventPrefix}${digits(key.sequence, 12)}` };
    case 'reading':
      return { pk: readingPartition(key), sk: `${key.at}#${key.id}` };
    case 'digest':
      return { pk: TABLE.digestPartition, sk: LAST };
    case 'webhook':
      return { pk: webhookPartition(key.workspace), sk: `B#${key.id}` };
    case 'delivery':
      return { pk: deliveryPartition(key.workspace, key.webhook), sk: `D#${key.id}` };
    case 'access':
      return { pk: partition(key), sk: 'G' };
    case 'accessPolicies':
      return { pk: partition(key), sk: 'GP' };
    case 'membership':
      return {
        pk: memberPartition(key.subject),
        sk: `${key.workspace}#${key.modelId ?? ''}#${patternOf(key.subject)}`,
      };
    case 'subscription':
      return { pk: `S#${key.workspace}`, sk: `S#${key.id}` };
    case 'suspension':
      return { pk: suspensionPartition(key.workspace), sk: `X#${key.id}` };
    case 'invitation':
      return { pk: `I#${key.address}`, sk: LAST };
    case 'notification':
      return { pk: mailPartition(key), sk: `T#${key.id}` };
    case 'waiting':
      return { pk: mailPartition(key), sk: `P#${key.id}` };
    case 'collected':
      return { pk: mailPartition(key), sk: 'G' };
    case 'target':
      return { pk: partition(key), sk: `T#${key.stage}` };
    case 'deployment':
      return { pk: partition(key), sk: `Y#${key.id}` };
    case 'endpoint':
      return { pk: `${TABLE.endpointPartition}${key.name}`, sk: LAST };
    case 'turn':
      return { pk: `${TABLE.turnPartition}${key.workspace}#${key.modelId}`, sk: `X#${key.stage}` };
    case 'package':
      return { pk: partition(key), sk: `B#${key.arn}` };
    case 'mirror':
      return { pk: partition(key), sk: `N#${digits(key.number, 10)}` };
    case 'policy':
      return { pk: partition(key), sk: 'U' };
    case 'request':
      return { pk: partition(key), sk: `R#${key.id}` };
    case 'remark':
      return { pk: partition(key), sk: `K#${key.request}#${key.id}` };
    case 'pending':
      return {
        pk: `${TABLE.pendingPartition}${key.workspace}#${key.modelId}#${slotText(key.target)}`,
        sk: digits(key.version, 10),
      };
    case 'mark':
      return { pk: deskPartition(key.workspace), sk: `P#${searchableText(key)}` };
    case 'index':
      return { pk: deskPartition(key.workspace), sk: `I#${key.name}` };
    case 'walk':
      return { pk: deskPartition(key.workspace), sk: `J#${key.id}` };
    case 'posted':
      return { pk: `${TABLE.postingPartition}${key.workspace}#posted#${key.modelId}`, sk: searchableText(key) };
  }
}

/** Readings have partitions of their own kind: no list of a model's records meets them. */
function readingPartition({ workspace, modelId = '' }: { workspace: string; modelId?: string }): string {
  return `${TABLE.readingPartition}${workspace}#${modelId}`;
}

/** Patterns of IAM identities lie together by account: which of them a caller is among is seen by comparing. */
function memberPartition({ kind, name }: Subject): string {
  return kind === 'iam' ? `Y#iam#${accountOf(name)}` : `Y#${kind}#${name}`;
}

function patternOf({ kind, name }: Subject): string {
  return kind === 'iam' ? name : '';
}

/** Everything that a workspace's search has to do lies together: one read shows it. */
function deskPartition(workspace: string): string {
  return `${TABLE.deskPartition}${workspace}`;
}

/** Where the postings of one meaning are. */
export function postingPartition(workspace: string, partition: string): string {
  return `${TABLE.postingPartition}${workspace}#${partition}`;
}

function searchableText({ modelId, number }: { readonly modelId: string; readonly number?: number }): string {
  return number === undefined ? modelId : `${modelId}#${digits(number, 10)}`;
}

function webhookPartition(workspace: string): string {
  return `B#${workspace}`;
}

/** Deliveries have partitions of their own kind: the function that sends them may write to no other. */
function deliveryPartition(workspace: string, webhook: string): string {
  return `${TABLE.deliveryPartition}${workspace}#${webhook}`;
}

/** Mails have partitions of their own kinds too: the function that sends them may write to no other. */
function mailPartition({ workspace, subscription }: { workspace: string; subscription: string }): string {
  return `${TABLE.mailPartition}${workspace}#${subscription}`;
}

function suspensionPartition(workspace: string): string {
  return `${TABLE.suspensionPartition}${workspace}`;
}

/** Where the fields of a record are that its own item has no room for. */
export function overflowKey({ pk, sk }: ItemKey): ItemKey {
  return { pk, sk: `O#${sk}` };
}

/** Where the answer given under an idempotency key is kept. */
export function replayItemKey({ workspace, principal, key }: ReplayKey): ItemKey {
  return { pk: `K#${workspace}#${encodeURIComponent(principal)}#${key}`, sk: LAST };
}

/** Index entries of a record. */
export function indexKeys<K extends Kind>(kind: K, value: Records[K]): Record<string, string> {
  const { lists, audit } = INDEXES;
  if (kind === 'workspace') {
    const { name } = value as Records['workspace'];
    return { [lists.partitionKey]: 'W', [lists.sortKey]: name };
  }
  if (kind === 'model') {
    const { workspace, name, state } = value as Records['model'];
    return state === 'deleted' ? {} : { [lists.partitionKey]: modelList(workspace), [lists.sortKey]: name };
  }
  if (kind === 'target') {
    const { workspace, modelId, stage } = value as Records['target'];
    return { [lists.partitionKey]: ALL_TARGETS, [lists.sortKey]: `${workspace}#${modelId}#${stage}` };
  }
  if (kind === 'event' || kind === 'reading') {
    const record = value as AuditRecord;
    const { workspace, at } = record;
    const ofDay = {
      [audit.partitionKey]: auditDay(workspace, at.slice(0, 10)),
      [audit.sortKey]: auditPosition(record),
    };
    return kind === 'event' ? { ...ofDay, ...versionEntry(value as Records['event']) } : ofDay;
  }
  if (kind === 'subscription') {
    const { workspace, id, collects } = value as Records['subscription'];
    return collects ? { [lists.partitionKey]: `G#${collects}`, [lists.sortKey]: `${workspace}#${id}` } : {};
  }
  if (kind === 'request') {
    const { workspace, state, id } = value as Records['request'];
    return { [lists.partitionKey]: requestList(workspace, state === 'open'), [lists.sortKey]: id };
  }
  if (kind === 'pending') {
    const { expiresAt, request } = value as Records['pending'];
    return { [lists.partitionKey]: PENDING, [lists.sortKey]: `${expiresAt}#${request}` };
  }
  if (kind === 'mirror') {
    const { workspace, modelId, version, expiresAt } = value as Records['mirror'];
    if (expiresAt === undefined) return {};
    const sortKey = `${expiresAt}#${workspace}#${modelId}#${digits(version, 10)}`;
    return { [lists.partitionKey]: ENDING_MIRRORS, [lists.sortKey]: sortKey };
  }
  return {};
}

/** Where an event of a version is found among those of that version alone. */
function versionEntry({ workspace, modelId, version, sequence }: Records['event']): Record<string, string> {
  if (modelId === undefined || version === undefined) return {};
  const { partitionKey, sortKey } = INDEXES.lists;
  return { [partitionKey]: versionHistory(workspace, modelId, version), [sortKey]: digits(sequence, 12) };
}

function versionHistory(workspace: string, modelId: string, version: number): string {
  return `V#${workspace}#${modelId}#${version}`;
}

/** Partition of the lists that holds every approval which SageMaker shows and which ends, by its end. */
const ENDING_MIRRORS = 'N';

/** Partition of the lists that holds every open request of every workspace, by when its time is over. */
const PENDING = 'X';

function requestList(workspace: string, open: boolean): string {
  return `R#${workspace}#${open ? 'open' : 'done'}`;
}

function modelList(workspace: string): string {
  return `L#${workspace}#${SHARD}`;
}

/** Partition of the audit index that holds one day of a workspace. */
export function auditDay(workspace: string, day: string): string {
  return `U#${workspace}#${day}#${SHARD}`;
}

/** What a query asks of the table: a partition, and a condition on the sort key. */
export interface KeyCondition {
  readonly index?: string;
  readonly partitionKey: string;
  readonly partition: string;
  readonly sortKey: string;
  readonly prefix?: string;
  readonly from?: string;
  readonly upTo?: string;
}

/** The key condition of a range. */
export function conditionOf(range: Range): KeyCondition {
  const { lists } = INDEXES;
  const base = { partitionKey: TABLE.partitionKey, sortKey: TABLE.sortKey };
  const listed = { index: lists.name, partitionKey: lists.partitionKey, sortKey: lists.sortKey };
  switch (range.kind) {
    case 'workspace':
      return { ...listed, partition: 'W' };
    case 'model':
      return { ...listed, partition: modelList(range.workspace), prefix: range.namePrefix };
    case 'version':
      return { ...base, partition: partition(range), prefix: 'V#' };
    case 'member':
      return { ...base, partition: partition(range), prefix: `P#${range.stage}#` };
    case 'holder':
      return { ...base, partition: partition(range), prefix: range.of === 'alias' ? 'A#' : 'S#' };
    case 'stay': {
      const inSlot = { ...base, partition: stayPartition(range.workspace, range.modelId, range.slot) };
      return { ...inSlot, upTo: `${range.until ?? ALL_TIMES}#${LAST}` };
    }
    case 'file':
      return { ...base, partition: partition(range), prefix: `F#${digits(range.version, 10)}#` };
    case 'comment':
      return { ...base, partition: partition(range), prefix: `C#${digits(range.version, 10)}#` };
    case 'card':
      return { ...base, partition: partition(range), prefix: `D#${digits(range.version, 10)}#` };
    case 'evaluation':
      return { ...base, partition: partition(range), prefix: `X#${digits(range.version, 10)}#` };
    case 'lock':
      return { ...base, partition: partition(range), prefix: 'L#' };
    case 'event':
      if ('version' in range) {
        return { ...listed, partition: versionHistory(range.workspace, range.modelId, range.version) };
      }
      if (range.from === undefined) return { ...base, partition: partition(range), prefix: TABLE.eventPrefix };
      return {
        ...base,
        partition: partition(range),
        from: `${TABLE.eventPrefix}${digits(range.from, 12)}`,
        upTo: `${TABLE.eventPrefix}${LAST}`,
      };
    case 'reading':
      return { ...base, partition: readingPartition(range), from: range.from, upTo: ALL_TIMES };
    case 'webhook':
      return { ...base, partition: webhookPartition(range.workspace), prefix: 'B#' };
    case 'delivery':
      return { ...base, partition: deliveryPartition(range.workspace, range.webhook), prefix: 'D#' };
    case 'membership':
      return { ...base, partition: memberPartition(range.of), prefix: range.workspace ? `${range.workspace}#` : '' };
    case 'subscription':
      if ('collects' in range) return { ...listed, partition: `G#${range.collects}` };
      return { ...base, partition: `S#${range.workspace}`, prefix: 'S#' };
    case 'suspension':
      return { ...base, partition: suspensionPartition(range.workspace), prefix: 'X#' };
    case 'notification':
      return { ...base, partition: mailPartition(range), prefix: 'T#' };
    case 'waiting':
      return { ...base, partition: mailPartition(range), prefix: 'P#' };
    case 'deployment':
      return { ...base, partition: partition(range), prefix: 'Y#' };
    case 'target':
      return range.of
        ? { ...base, partition: partition(range.of), prefix: 'T#' }
        : { ...listed, partition: ALL_TARGETS };
    case 'request':
      return 'modelId' in range
        ? { ...base, partition: partition(range), prefix: 'R#' }
        : { ...listed, partition: requestList(range.workspace, range.open) };
    case 'mirror':
      return 'until' in range
        ? { ...listed, partition: ENDING_MIRRORS, upTo: `${range.until}#${LAST}` }
        : { ...base, partition: partition(range), prefix: 'N#' };
    case 'remark':
      return { ...base, partition: partition(range), prefix: `K#${range.request}#` };
    case 'pending':
      return { ...listed, partition: PENDING, upTo: range.until };
  }
}
