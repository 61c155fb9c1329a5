import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import { documentClient } from '../adapters/dynamodb/client';
import { DynamoPostingStore } from '../adapters/dynamodb/posting-store';
import { DynamoRegistryStore } from '../adapters/dynamodb/registry-store';
import { ENV } from '../contract/names';
import { postEverywhere, postWorkspace } from '../core/use-cases/post-batch';
import { required } from './environment';

const table = { client: documentClient(), table: required(ENV.table), clock: () => new Date() };
const store = new DynamoRegistryStore(table);
const ports = {
  store,
  postings: new DynamoPostingStore(table, store),
  clock: table.clock,
  newId: () => ulid(),
  sha256: (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex'),
};

/**
 * Posts what changed in the workspace of an event, or, called by the clock, in every workspace.
 * @throws Error when something could not be posted: its note stays, and is tried again every minute
 */
export async function handler(event: { readonly detail?: { readonly workspace?: string } }): Promise<void> {
  const workspace = event.detail?.workspace;
  const failed = workspace === undefined ? await postEverywhere(ports) : await postWorkspace(ports, workspace);
  for (const [note, error] of failed) console.error({ workspace, note, error: String(error) });
  if (failed.size > 0) throw new Error(`${failed.size} changes could not be posted for search`);
}
