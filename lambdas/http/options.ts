import type { Effect } from '../../contract/operation';
import type { AccessSettings } from '../../core/domain/grant';
import type { Ports } from '../../core/ports';
import type { Answer, Call } from '../../core/use-cases';

/** A use case as the edge calls it: its input is parsed as the operation of its id declares. */
// biome-ignore lint/suspicious/noExplicitAny: inputs differ by operation; `bind` checks each against its declaration.
export type Bound = (ports: Ports) => (input: any, call: Call) => Promise<Answer<unknown>>;

/** What the handler of one API function is made of. */
export interface ApiOptions {
  readonly effect: Effect;
  /** The use case of every operation with that effect. */
  readonly bindings: Readonly<Record<string, Bound>>;
  readonly ports: Ports;
  /** Who holds every right everywhere, and what all may do in the default workspace. */
  readonly access: AccessSettings;
  readonly cursorSecret: () => Promise<string>;
  /** Where requests and faults are logged: the function's standard output, as structured lines. */
  readonly log?: Pick<Console, 'info' | 'error'>;
}
