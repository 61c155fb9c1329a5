import { append, checkChangeSize, type EventDraft, isActivity, nextTime } from '../domain/event';
import type { Head } from '../domain/model';
import { type Actor, actorOf } from '../domain/principal';
import { type Key, put, type Write } from '../domain/records';
import type { Change, Ports } from '../ports';
import type { Call } from './call';

/** The next pages of one history: what a command adds to it. */
export class History {
  readonly actor: Actor;
  private readonly drafts: EventDraft[] = [];

  constructor(
    private readonly ports: Pick<Ports, 'clock' | 'newId' | 'sha256'>,
    private readonly call: Pick<Call, 'principal' | 'requestId'>,
    private readonly head: Head,
    private readonly workspace: string,
    private readonly model?: { readonly id: string; readonly name: string },
    /** Time of everything that the command changes here: the clock is read once. */
    readonly at: string = nextTime(head, ports.clock()),
  ) {
    this.actor = actorOf(call.principal);
  }

  /** Adds an event and tells its sequence: the revision of whatever it changes. */
  add(draft: EventDraft): number {
    checkChangeSize(draft);
    this.drafts.push(draft);
    return this.newest;
  }

  /** Sequence of the newest event: the revision of what all of them together change. */
  get newest(): number {
    return this.head.sequence + this.drafts.length;
  }

  /** The events and the head's step as parts of a change, on the condition that the head is still where it was. */
  close(lastVersion = this.head.lastVersion): Pick<Change, 'heads' | 'writes'> {
    const { ports, call, workspace, model } = this;
    const { events, head } = append(this.head, this.drafts, {
      workspace,
      ...(model && { model }),
      actor: this.actor,
      requestId: call.requestId,
      now: new Date(this.at),
      newId: ports.newId,
      sha256: ports.sha256,
    });
    const place = { workspace, ...(model && { modelId: model.id }) };
    const key: Key<'head'> = { kind: 'head', ...place };
    const writes: Write[] = [
      put<'head'>(key, { ...head, lastVersion, ...(this.drafts.some(isActivity) && { activityAt: this.at }) }),
      ...events.map((event) => put<'event'>({ kind: 'event', ...place, sequence: event.sequence }, event)),
    ];
    return { heads: [{ key, expected: this.head.sequence }], writes };
  }
}
