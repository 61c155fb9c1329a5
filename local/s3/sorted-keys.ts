/**
 * Compares keys as S3 orders them: by their bytes in UTF-8, which is by code point. JavaScript compares UTF-16 units and
 * puts characters beyond U+FFFF before those from U+E000 on.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

// Surrogates (U+D800 to U+DFFF) stand for code points above all others.
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** A set of keys in S3's order, quick to change and to seek at 100,000 keys. */
export class SortedKeys {
  #keys: string[] = [];
  // Sorting once is far cheaper than inserting one by one when many keys arrive between two reads, as at the start.
  #added = new Set<string>();

  /** Adds a key that is not in the set. */
  add(key: string): void {
    this.#added.add(key);
  }

  delete(key: string): void {
    if (this.#added.delete(key)) return;
    const index = this.#search((other) => compareKeys(other, key) >= 0);
    if (this.#keys[index] === key) this.#keys.splice(index, 1);
  }

  /** Number of keys. */
  get size(): number {
    return this.#keys.length + this.#added.size;
  }

  at(index: number): string | undefined {
    this.#settle();
    return this.#keys[index];
  }

  /** Index of the first key for which the test holds; it must hold for all keys after that one too. */
  seek(test: (key: string) => boolean): number {
    this.#settle();
    return this.#search(test);
  }

  #settle(): void {
    if (this.#added.size === 0) return;
    if (this.#added.size > 64) {
      this.#keys = [...this.#keys, ...this.#added].sort(compareKeys);
    } else {
      for (const key of this.#added)
        this.#keys.splice(
          this.#search((other) => compareKeys(other, key) >= 0),
          0,
          key,
        );
    }
    this.#added.clear();
  }

  #search(test: (key: string) => boolean): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (test(this.#keys[middle] as string)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
