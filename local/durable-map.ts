import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

interface Line<T> {
  readonly k: string;
  /** Absent when the entry was deleted. */
  readonly v?: T;
}

/**
 * A small ordered map kept in an append-only file of JSON lines. A change is with the operating system when the call
 * returns, so that killing this process loses nothing. An incomplete last line, the trace of a kill in the middle of a
 * write, is dropped: nobody was told that it succeeded.
 *
 * @typeParam T a JSON value.
 */
export class DurableMap<T> {
  private readonly entriesByKey = new Map<string, T>();
  private descriptor: number;
  private lines = 0;

  /** @param mode permission bits of the file. */
  constructor(
    private readonly file: string,
    private readonly mode = 0o644,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    if (existsSync(file)) this.load(readFileSync(file, 'utf8'));
    this.descriptor = this.rewrite();
  }

  get(key: string): T | undefined {
    return this.entriesByKey.get(key);
  }

  get size(): number {
    return this.entriesByKey.size;
  }

  /** Entries in the order in which their keys first appeared. */
  entries(): IterableIterator<[string, T]> {
    return this.entriesByKey.entries();
  }

  set(key: string, value: T): void {
    this.append({ k: key, v: value });
    this.entriesByKey.set(key, value);
  }

  delete(key: string): void {
    if (!this.entriesByKey.has(key)) return;
    this.append({ k: key });
    this.entriesByKey.delete(key);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private load(text: string): void {
    const lines = text.split('\n');
    // What follows the last line end is empty or torn.
    for (const [i, line] of lines.slice(0, -1).entries()) {
      let entry: Line<T>;
      try {
        entry = JSON.parse(line) as Line<T>;
      } catch (cause) {
        throw new Error(`${this.file}:${i + 1} is damaged`, { cause });
      }
      if (entry.v === undefined) this.entriesByKey.delete(entry.k);
      else this.entriesByKey.set(entry.k, entry.v);
    }
  }

  private append(line: Line<T>): void {
    if (this.lines > 1_000 && this.lines > 4 * this.entriesByKey.size) {
      closeSync(this.descriptor);
      this.descriptor = this.rewrite();
    }
    writeSync(this.descriptor, `${JSON.stringify(line)}\n`);
    this.lines++;
  }

  /** Writes only what is alive, replaces the file in one step and opens it for appending. */
  private rewrite(): number {
    const next = `${this.file}.next`;
    const lines = [...this.entriesByKey].map(([k, v]) => `${JSON.stringify({ k, v } satisfies Line<T>)}\n`);
    writeFileSync(next, lines.join(''), { mode: this.mode });
    renameSync(next, this.file);
    this.lines = lines.length;
    return openSync(this.file, 'a', this.mode);
  }
}
