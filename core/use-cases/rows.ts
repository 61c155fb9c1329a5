import type { Page, PageRequest, Ports, Range, Row } from '../ports';

/**
 * Rows of a range, however many there are: the next page is read once the rows of the one before are used up.
 * @param as in which order, how many a page, and whether as last acknowledged
 */
export async function* rowsIn<K extends Range['kind']>(
  { store }: Pick<Ports, 'store'>,
  range: Extract<Range, { kind: K }>,
  as: Partial<Omit<PageRequest, 'after'>> = {},
): AsyncGenerator<Row<K>, void, undefined> {
  let after: string | undefined;
  do {
    const page: Page<Row<K>> = await store.query<K>(range, {
      limit: 100,
      order: 'ascending',
      ...as,
      ...(after !== undefined && { after }),
    });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

/** Every row of a range that a limit bounds. */
export async function everyRow<K extends Range['kind']>(
  ports: Pick<Ports, 'store'>,
  range: Extract<Range, { kind: K }>,
  as: Partial<Omit<PageRequest, 'after'>> = {},
): Promise<Row<K>[]> {
  const all: Row<K>[] = [];
  for await (const row of rowsIn<K>(ports, range, as)) all.push(row);
  return all;
}
