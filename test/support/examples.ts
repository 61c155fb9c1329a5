/** Whether every property is tried on all its examples, as the gate does. */
export const ALL_EXAMPLES = process.env['SIGNET_ALL_EXAMPLES'] === 'true';

/** On how many examples a property is tried: a tenth of them in `npm test`, which has to stay quick. */
export function examples(all: number): number {
  return ALL_EXAMPLES ? all : Math.ceil(all / 10);
}
