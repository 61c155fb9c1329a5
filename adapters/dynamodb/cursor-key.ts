import { randomBytes } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../../contract/names';
import { Contention } from '../../core/ports';

/** Where the key is. */
const PLACE = { [TABLE.partitionKey]: TABLE.cursorPartition, [TABLE.sortKey]: '~' };

/**
 * The key that seals cursors of paged answers: an item of the table, read when it is first needed and kept as long as the function
 * lives. The function that may write makes it before its first change; without a change there is nothing to page through.
 */
export class CursorKey {
  private known: Promise<string> | undefined;

  constructor(private readonly options: { readonly client: DynamoDBDocumentClient; readonly table: string }) {}

  /**
   * The key.
   * @throws Contention where there is none: it was taken away to be replaced, and the next change makes another one
   */
  readonly get = (): Promise<string> => this.keep(async () => this.read());

  /** The key, made where there is none. Of several functions that make it at once, the first one's stays. */
  readonly ensure = (): Promise<string> => this.keep(async () => this.read().catch(() => this.make()));

  private keep(find: () => Promise<string>): Promise<string> {
    this.known ??= find().catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  private async read(): Promise<string> {
    const { client, table } = this.options;
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: PLACE, ConsistentRead: true }));
    if (typeof Item?.['data'] !== 'string') throw new Contention('the table has no key for cursors');
    return Item['data'];
  }

  private async make(): Promise<string> {
    const { client, table } = this.options;
    const Item = { ...PLACE, data: randomBytes(48).toString('base64url') };
    const ConditionExpression = `attribute_not_exists(${TABLE.partitionKey})`;
    try {
      await client.send(new PutCommand({ TableName: table, Item, ConditionExpression }));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    }
    return this.read();
  }
}
