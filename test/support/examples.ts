/** Whether everything is tried in full, as the gate does; `npm test` has to stay quick. */
export const ALL_EXAMPLES = process.env['SIGNET_ALL_EXAMPLES'] === 'true';

/** How much of something is tried: all of it, or in `npm test` some. */
export function sized(all: number, some: number): number {
  return ALL_EXAMPLES ? all : some;
}

/** On how many examples a property is tried: a twentieth of them in `npm test`. */
export function examples(all: number): number {
  return sized(all, Math.ceil(all / 20));
}
