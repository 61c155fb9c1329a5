import { readFileSync } from 'node:fs';

/** An event of SageMaker as EventBridge delivers it. */
export interface PublishedEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a derived event is made of: a documented one, and fields of its detail that are others. */
interface Derived {
  readonly name: string;
  readonly from: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

function read<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(`test/fixtures/sagemaker/${folder}/${name}.json`, 'utf8')) as T;
}

/** An event that was published, by the name of its file. */
export function publishedEvent(folder: 'model-packages' | 'endpoints', name: string): PublishedEvent {
  return read(folder, name);
}

/** Events of statuses of which none were published, by their names. */
export function derivedEvents(folder: 'model-packages' | 'endpoints'): [name: string, event: PublishedEvent][] {
  return read<Derived[]>(folder, 'derived').map(({ name, from, detail }) => {
    const event = publishedEvent(folder, from);
    return [name, { ...event, detail: { ...event.detail, ...detail } }];
  });
}
