/**
 * Reads a mix such as `get:6,register:2`.
 * @returns what takes a number from 0 to 1 and names an operation, each as often as its weight says
 * @throws Error naming what is wrong with it
 */
export function pickerOf(mix: string, known: readonly string[]): (random: number) => string {
  const parts = mix.split(',').map((part) => {
    const [name = '', text = '1'] = part.trim().split(':');
    if (!known.includes(name)) throw new Error(`--mix: ${name} is not one of ${known.join(', ')}`);
    const weight = Number(text);
    if (!(weight > 0)) throw new Error(`--mix: the weight of ${name} must be a number above 0: ${text}`);
    return { name, weight };
  });
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return (random) => {
    let left = random * total;
    for (const { name, weight } of parts) {
      left -= weight;
      if (left < 0) return name;
    }
    return parts.at(-1)?.name ?? '';
  };
}
