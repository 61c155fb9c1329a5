import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Blobs } from './blobs';
import { Journal } from './journal';
import { lockFolder } from './lock';
import { State, type Transaction } from './state';

/** What a transaction changes and what its caller gets, decided at the moment it is its turn. */
export interface Decision<Result> {
  readonly changes: Transaction;
  readonly result: Result;
}

/**
 * State on disk: the journal for metadata, a folder of files for bytes. Transactions run one after another, so a decision
 * made on the state (`If-None-Match`, the parts of an upload) still holds when it is written.
 */
export class Store {
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly state: State,
    readonly blobs: Blobs,
    private readonly journal: Journal<Transaction>,
    private readonly unlock: () => Promise<void>,
  ) {}

  /** Opens a folder, creating it when missing, with everything that was acknowledged before. */
  static async open(directory: string): Promise<Store> {
    await mkdir(directory, { recursive: true });
    const unlock = await lockFolder(directory);
    try {
      const file = join(directory, 'journal.jsonl');
      const state = new State();
      for await (const changes of Journal.read<Transaction>(file)) for (const change of changes) state.apply(change);
      const blobs = await Blobs.open(join(directory, 'blobs'), state.referenced());
      return new Store(state, blobs, await Journal.create(file, state.snapshot()), unlock);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /**
   * Runs one transaction: decides on the state as it is, writes, and applies what is on the disk.
   *
   * @param decide throws to change nothing
   */
  commit<Result>(decide: () => Decision<Result> | Promise<Decision<Result>>): Promise<Result> {
    const turn = this.#queue.then(async () => {
      const { changes, result } = await decide();
      if (changes.length > 0) {
        await this.journal.append(changes);
        const dropped = changes.flatMap((change) => this.state.apply(change));
        // Completing an upload drops its parts and makes an object of them in one transaction.
        const kept = new Set(
          changes.flatMap((change) =>
            change.do === 'put' && 'segments' in change.version ? change.version.segments.map(({ blob }) => blob) : [],
          ),
        );
        // The change stands whether or not its leftovers go now; the next start removes what stays.
        await this.blobs.remove(dropped.filter((blob) => !kept.has(blob))).catch(() => undefined);
      }
      return result;
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Waits for running transactions and gives the folder back. */
  async close(): Promise<void> {
    await this.#queue;
    await this.journal.close();
    await this.unlock();
  }
}
