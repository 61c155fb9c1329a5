/** Characters as LIKE counts them: code points. Folded ones are compared without regard to case. */
function characters(text: string, fold: boolean): readonly string[] {
  return fold ? Array.from(text, (character) => character.toLowerCase()) : [...text];
}

/** The symbols of a pattern without its `%`, and the states at which a `%` lets any characters pass. */
function compiled(pattern: readonly string[]): { symbols: readonly string[]; loops: ReadonlySet<number> } {
  const symbols: string[] = [];
  const loops = new Set<number>();
  for (const character of pattern) {
    if (character === '%') loops.add(symbols.length);
    else symbols.push(character);
  }
  return { symbols, loops };
}

const WORD_BITS = 32;

function bits(count: number, set: Iterable<number>): Int32Array {
  const words = new Int32Array(Math.ceil(count / WORD_BITS));
  for (const bit of set) words[bit >>> 5] = (words[bit >>> 5] ?? 0) | (1 << (bit & 31));
  return words;
}

function indexes(symbols: readonly string[], matches: (symbol: string) => boolean): readonly number[] {
  return symbols.flatMap((symbol, index) => (matches(symbol) ? [index] : []));
}

/**
 * Compiles a LIKE pattern: `%` stands for any run of characters, `_` for one, all else for itself, without an escape,
 * and the whole text must match; ILIKE folds case.
 *
 * The pattern is run as an automaton whose states are bits, so that no text, however hostile, makes it go back: each
 * character of the text costs one step per 32 symbols of the pattern.
 */
export function likeMatcher(pattern: string, fold: boolean): (text: string) => boolean {
  const { symbols, loops } = compiled(characters(pattern, fold));
  const states = symbols.length + 1;
  const waiting = bits(states, loops);
  const anyCharacter = bits(
    states,
    indexes(symbols, (symbol) => symbol === '_'),
  );
  const steps = new Map<string, Int32Array>();
  for (const literal of new Set(symbols)) {
    steps.set(
      literal,
      bits(
        states,
        indexes(symbols, (symbol) => symbol === literal || symbol === '_'),
      ),
    );
  }
  const last = symbols.length;

  return (text) => {
    const state = bits(states, [0]);
    for (const character of characters(text, fold)) {
      // A literal `_` of the text is matched by the symbol `_` only, which its own step says.
      const step = steps.get(character) ?? anyCharacter;
      let carried = 0;
      let alive = 0;
      for (let word = 0; word < state.length; word++) {
        const now = state[word] ?? 0;
        const moved = now & (step[word] ?? 0);
        const next = (moved << 1) | carried | (now & (waiting[word] ?? 0));
        carried = moved >>> 31;
        state[word] = next;
        alive |= next;
      }
      if (alive === 0) return false;
    }
    return (((state[last >>> 5] ?? 0) >>> (last & 31)) & 1) === 1;
  };
}
