import type { Actions } from '../aws-json';
import type { JsonObject } from '../template';
import { endpointOutput, eventDetail } from './describe';
import type { Fleets } from './fleets';
import { advance, alarmsOf, type Endpoint, type Timing, type Work } from './lifecycle';
import { arnOf, invalid, nameIn, type Records } from './records';
import { deploymentOf, listed } from './resources';

/** An event of SageMaker on the default bus. */
export interface SageMakerEvent {
  readonly detailType: 'SageMaker Endpoint State Change' | 'SageMaker Endpoint Deployment State Change';
  readonly resource: string;
  readonly detail: JsonObject;
}

interface Surroundings {
  readonly records: Records;
  readonly fleets: Fleets;
  readonly timing: Timing;
  readonly publish: (event: SageMakerEvent) => void;
  readonly log: (text: string) => void;
}

/** Endpoints, and the time that passes for those that are being changed. */
export class Endpoints {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private closed = false;

  constructor(private readonly around: Surroundings) {}

  /** Goes on with what an earlier run was at. */
  start(): void {
    for (const endpoint of this.around.records.all('endpoint')) this.later(endpoint);
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  actions(): Actions {
    const { records } = this.around;
    return {
      'SageMaker.CreateEndpoint': (input) => this.create(input),
      'SageMaker.UpdateEndpoint': (input) => this.update(input),
      'SageMaker.DeleteEndpoint': (input) => this.remove(input),
      'SageMaker.DescribeEndpoint': (input) =>
        endpointOutput(records.need('endpoint', nameIn(input, 'EndpointName')), records),
      'SageMaker.ListEndpoints': (input) => {
        const { StatusEquals: wanted } = input;
        const all = records.all('endpoint').filter(({ status }) => wanted === undefined || wanted === status);
        return listed(input, all, 'Endpoints', ({ name, createdAt, modifiedAt, status }) => ({
          EndpointName: name,
          EndpointArn: arnOf('endpoint', name),
          CreationTime: createdAt / 1_000,
          LastModifiedTime: modifiedAt / 1_000,
          EndpointStatus: status,
        }));
      },
    };
  }

  /** Calls back every update that bakes under the eyes of an alarm. */
  async alarmed(alarm: string): Promise<void> {
    for (const { name, work } of this.around.records.all('endpoint')) {
      if (work?.step === 'baking' && alarmsOf(work).includes(alarm)) await this.step(name);
    }
  }

  private create(input: JsonObject): object {
    const { records, timing } = this.around;
    const name = nameIn(input, 'EndpointName');
    const { name: config } = records.need('endpoint-config', nameIn(input, 'EndpointConfigName'));
    records.refuseTaken('endpoint', name);
    const now = Date.now();
    const work: Work = { step: 'creating', since: now, until: now + timing.stepMs };
    records.tag(arnOf('endpoint', name), input['Tags']);
    this.keep({ name, config, status: 'Creating', createdAt: now, modifiedAt: now, work });
    return { EndpointArn: arnOf('endpoint', name) };
  }

  private update(input: JsonObject): object {
    const { records, timing } = this.around;
    const endpoint = this.changeable(input);
    const { name: config } = records.need('endpoint-config', nameIn(input, 'EndpointConfigName'));
    if (endpoint.status === 'Failed')
      throw invalid(`Cannot update endpoint "${arnOf('endpoint', endpoint.name)}" in Failed state.`);
    const deployment = deploymentOf(input);
    const { failure: _, ...rest } = endpoint;
    const now = Date.now();
    const work: Work = {
      step: 'launching',
      since: now,
      until: now + timing.stepMs,
      began: now,
      config,
      ...(deployment && { deployment }),
    };
    this.keep({ ...rest, status: 'Updating', modifiedAt: now, work });
    return { EndpointArn: arnOf('endpoint', endpoint.name) };
  }

  private remove(input: JsonObject): object {
    const endpoint = this.changeable(input);
    const now = Date.now();
    const work: Work = { step: 'deleting', since: now, until: now + this.around.timing.stepMs };
    this.keep({ ...endpoint, status: 'Deleting', modifiedAt: now, work });
    return {};
  }

  /** The endpoint that a request names. @throws AwsError while it is being changed */
  private changeable(input: JsonObject): Endpoint {
    const endpoint = this.around.records.need('endpoint', nameIn(input, 'EndpointName'));
    if (endpoint.work) throw invalid(`Cannot update in-progress endpoint "${arnOf('endpoint', endpoint.name)}".`);
    return endpoint;
  }

  private keep(endpoint: Endpoint): void {
    const { records, publish } = this.around;
    records.set('endpoint', endpoint.name, endpoint);
    const resource = arnOf('endpoint', endpoint.name);
    const detail = eventDetail(endpoint, records);
    publish({ detailType: 'SageMaker Endpoint State Change', resource, detail });
    if (endpoint.work?.config !== undefined) {
      publish({ detailType: 'SageMaker Endpoint Deployment State Change', resource, detail });
    }
    this.later(endpoint);
  }

  private later({ name, work }: Endpoint): void {
    clearTimeout(this.timers.get(name));
    if (!work || this.closed) return;
    const wait = Math.max(0, work.until - Date.now());
    this.timers.set(
      name,
      setTimeout(() => {
        this.step(name).catch((error: unknown) => this.around.log(`${name}: ${String(error)}\n`));
      }, wait),
    );
  }

  private async step(name: string): Promise<void> {
    const { records, timing, log } = this.around;
    const before = records.get('endpoint', name);
    if (!before?.work) return;
    const failure = await this.failureOf(before, before.work);
    // Loading takes a while: an alarm may have called the update back meanwhile.
    if (this.closed || records.get('endpoint', name) !== before) return;
    if (failure !== undefined) log(`${name}: ${failure}\n`);
    const after = advance(before, Date.now(), timing, failure);
    if (after) this.keep(after);
    else {
      records.delete('endpoint', name);
      records.delete('tags', arnOf('endpoint', name));
      this.timers.delete(name);
    }
    await this.tidy(before, after);
  }

  private async failureOf({ config }: Endpoint, work: Work): Promise<string | undefined> {
    if (work.step === 'creating' || work.step === 'launching') {
      return this.around.fleets.load(work.config ?? config).then(
        () => undefined,
        (error: Error) => error.message,
      );
    }
    if (work.step !== 'baking') return undefined;
    const alarm = alarmsOf(work).find((each) => this.around.records.get('alarm', each) === 'ALARM');
    return alarm && `The deployment was rolled back because the alarm ${alarm} is in the ALARM state.`;
  }

  /** Ends the models that nothing is served by any more. */
  private async tidy(before: Endpoint, after: Endpoint | undefined): Promise<void> {
    if (after?.work) return;
    const used = new Set(this.around.records.all('endpoint').flatMap(({ config, work }) => [config, work?.config]));
    for (const config of [before.config, before.work?.config]) {
      if (config !== undefined && !used.has(config)) await this.around.fleets.drop(config);
    }
  }
}
