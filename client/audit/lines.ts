/** Lines of a text that comes in pieces. A line without its end is told apart: what follows it was cut off. */
export async function* linesOf(
  pieces: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<{ readonly line: string; readonly cut: boolean }> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield { line, cut: false };
  }
  if (rest !== '') yield { line: rest, cut: true };
}
