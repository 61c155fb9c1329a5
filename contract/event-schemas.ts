import * as z from 'zod';
import { EVENT_TYPES, type EventType } from '../core/domain/event';
import { EVENT_DESCRIPTIONS, eventDetail } from './events';
import { EVENT_SOURCE } from './names';

/** The published schema of one event type. */
export interface EventSchema {
  /** The event's `detail-type`, for example `version.ready`. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema (draft 4) of the whole event as the bus delivers it, as text. */
  readonly content: string;
}

/** The schemas of all event types, as EventBridge's schema registry takes them. */
export function eventSchemas(): EventSchema[] {
  return EVENT_TYPES.map((type) => ({
    name: type,
    description: EVENT_DESCRIPTIONS[type],
    content: JSON.stringify(z.toJSONSchema(envelope(type), { target: 'draft-4', reused: 'inline' })),
  }));
}

/** The envelope that EventBridge puts around every event's detail. */
function envelope(type: EventType) {
  return z
    .object({
      version: z.literal('0'),
      id: z.string(),
      'detail-type': z.literal(type),
      source: z.literal(EVENT_SOURCE),
      account: z.string(),
      time: z.string(),
      region: z.string(),
      resources: z.array(z.string()),
      detail: eventDetail().extend({ type: z.literal(type) }),
    })
    .meta({ title: type, description: EVENT_DESCRIPTIONS[type] });
}
