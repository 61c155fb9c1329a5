import { S3Client } from '@aws-sdk/client-s3';
import { type Actions, AwsError, type HttpService } from '../aws-json';
import { DurableMap } from '../durable-map';
import type { Credentials } from '../functions';
import { type Json, REGION } from '../template';
import { Endpoints, type SageMakerEvent } from './endpoints';
import { Fleets } from './fleets';
import type { Timing } from './lifecycle';
import { monitorActions } from './monitors';
import { Records } from './records';
import { resourceActions } from './resources';
import { invocations } from './runtime';

/** What endpoints here need of the rest of the run. */
export interface SageMakerOptions {
  /** Keeps models, configurations and endpoints. */
  readonly file: string;
  readonly s3Endpoint: string;
  readonly credentials: Credentials;
  readonly publish: (event: SageMakerEvent) => void;
  readonly log: (text: string) => void;
  readonly timing?: Partial<Timing>;
  /** Which variant answers a request, from 0 to 1. */
  readonly random?: () => number;
}

const TIMING: Timing = { stepMs: 400, longestBakeMs: 2_000 };
const ALARM_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

/**
 * Amazon SageMaker as far as endpoints go: models, configurations, endpoints with blue/green updates that shift traffic, bake
 * and roll back, their events, `InvokeEndpoint` and data capture; monitors are kept without ever running. Model data come out of the local S3, and the ONNX model in them really
 * answers, in place of the container that is named. Every other container does not come up.
 *
 * Alarms of CloudWatch have the state that `SetAlarmState` gave them, and are OK before.
 */
export class LocalSageMaker {
  private readonly kept: DurableMap<Json>;
  private readonly records: Records;
  private readonly s3: S3Client;
  private readonly fleets: Fleets;
  private readonly endpoints: Endpoints;

  constructor(private readonly options: SageMakerOptions) {
    const { file, s3Endpoint, credentials, publish, log, timing } = options;
    this.kept = new DurableMap(file);
    this.records = new Records(this.kept);
    this.s3 = new S3Client({ endpoint: s3Endpoint, region: REGION, credentials, forcePathStyle: true });
    this.fleets = new Fleets(this.records, this.s3);
    const around = { records: this.records, fleets: this.fleets, timing: { ...TIMING, ...timing }, publish, log };
    this.endpoints = new Endpoints(around);
  }

  /** Goes on with what an earlier run was at. */
  start(): void {
    this.endpoints.start();
  }

  actions(): Actions {
    return {
      ...resourceActions(this.records, this.s3),
      ...this.endpoints.actions(),
      ...monitorActions(this.records),
      'GraniteServiceVersion20100801.SetAlarmState': async ({ AlarmName, StateValue }) => {
        if (!ALARM_STATES.includes(String(StateValue))) {
          throw new AwsError('ValidationError', `StateValue must be one of ${ALARM_STATES.join(', ')}`);
        }
        this.records.set('alarm', String(AlarmName), String(StateValue));
        await this.endpoints.alarmed(String(AlarmName));
        return {};
      },
    };
  }

  /** The runtime API. */
  service(): HttpService {
    const { random = Math.random, log } = this.options;
    return invocations({ records: this.records, fleets: this.fleets, s3: this.s3, random, log });
  }

  async close(): Promise<void> {
    this.endpoints.close();
    await this.fleets.close();
    this.s3.destroy();
    this.kept.close();
  }
}
