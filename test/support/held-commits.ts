import {
  type DynamoDBDocumentClient,
  TransactGetCommand,
  type TransactGetCommandInput,
  type TransactGetCommandOutput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';

type Item = Record<string, unknown>;

/** What DynamoDB takes in one transaction, which the engine writes in one step, and how many are under way at once. */
const BATCH = 100;
const LANES = 4;

/**
 * Makes thousands of commits of one model in seconds: the transactions of a client are held here, where its transactional
 * reads find them, and the last of each item is written in batches in the end. Nobody else may write meanwhile, since
 * conditions are not checked.
 * @param written what is written of an item: by default the item
 */
export async function holdingCommits(
  { client, name }: { readonly client: DynamoDBDocumentClient; readonly name: string },
  work: () => Promise<void>,
  written: (item: Item) => readonly Item[] = (item) => [item],
): Promise<void> {
  const held = new HeldItems();
  const { send } = client;
  const pass = send.bind(client) as (command: object) => Promise<object>;
  const hold = async (command: object): Promise<object> => {
    if (command instanceof TransactWriteCommand) return held.write(command.input);
    if (!(command instanceof TransactGetCommand)) return pass(command);
    const places = placesOf(command.input);
    if (!held.knows(places)) held.learn(places, (await pass(command)) as TransactGetCommandOutput);
    return { Responses: held.read(places) };
  };
  Object.assign(client, { send: hold });
  try {
    await work();
  } finally {
    Object.assign(client, { send });
  }
  const puts = held.written().flatMap(written);
  await Promise.all(Array.from({ length: LANES }, () => writeAll(client, name, puts)));
}

/** Items by their keys, as they are after the transactions so far. */
class HeldItems {
  private readonly items = new Map<string, Item | undefined>();
  private readonly changed = new Set<string>();

  write({ TransactItems = [] }: TransactWriteCommandInput): object {
    for (const { Put } of TransactItems) {
      if (!Put?.Item) throw new Error('commits that are held only put items');
      const place = placeOf(Put.Item);
      this.items.set(place, Put.Item);
      this.changed.add(place);
    }
    return {};
  }

  knows(places: readonly string[]): boolean {
    return places.every((place) => this.items.has(place));
  }

  /** Takes what the engine has of the items that are not held. */
  learn(places: readonly string[], { Responses = [] }: TransactGetCommandOutput): void {
    for (const [index, place] of places.entries()) {
      if (!this.items.has(place)) this.items.set(place, Responses[index]?.Item);
    }
  }

  read(places: readonly string[]): { Item: Item | undefined }[] {
    return places.map((place) => ({ Item: this.items.get(place) }));
  }

  written(): Item[] {
    return [...this.changed].map((place) => this.items.get(place) as Item);
  }
}

/** Several of these empty the same list. */
async function writeAll(client: DynamoDBDocumentClient, table: string, items: Item[]) {
  while (items.length > 0) {
    const batch = items.splice(0, BATCH);
    await client.send(
      new TransactWriteCommand({ TransactItems: batch.map((Item) => ({ Put: { TableName: table, Item } })) }),
    );
  }
}

function placesOf({ TransactItems = [] }: TransactGetCommandInput): string[] {
  return TransactItems.map(({ Get }) => placeOf(Get?.Key ?? {}));
}

function placeOf({ pk, sk }: Item): string {
  return JSON.stringify([pk, sk]);
}
