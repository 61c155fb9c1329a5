import type { DueAttempt } from '../core/ports';
import { type AnnouncedEvent, type AttemptPorts, attempt, type FanOutPorts, fanOut } from '../core/use-cases';

/** A message of the queue: an event, as EventBridge puts it there, or an attempt that is due. */
type Message = { readonly 'detail-type': string; readonly detail: AnnouncedEvent } | DueAttempt;

/** Does what a message of the queue of webhooks asks for. */
export function handleMessage(ports: AttemptPorts & FanOutPorts): (body: string) => Promise<void> {
  const tell = fanOut(ports);
  return async (body) => {
    const message = JSON.parse(body) as Message;
    if ('detail-type' in message) await tell(message.detail);
    else await attempt(ports, message);
  };
}
