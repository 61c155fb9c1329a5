import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { REGION } from '../template';

/** What is needed to run one Lambda function. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** File that exports the handler. */
  readonly file: string;
  readonly exportName: string;
  /** The whole environment of the function; it sees nothing of this process's. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** A failed invocation, in the form of Lambda's error payload. */
interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** Outcome of one invocation; `payload` is the handler's result as JSON text. */
export type Outcome =
  | { readonly requestId: string; readonly payload: string }
  | { readonly requestId: string; readonly error: FunctionError };

interface Pending {
  readonly requestId: string;
  readonly timer: NodeJS.Timeout;
  readonly settle: (outcome: Outcome) => void;
}

interface Answer {
  readonly id: number;
  readonly result?: string;
  readonly error?: FunctionError;
}

/** A worker with the invocations it has not answered yet. */
interface Environment {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  retired: boolean;
}

/**
 * Invocations that are under way at once. Lambda would start an environment for each; here they share a thread, and the more of
 * them wait for it, the sooner their own time-outs, such as that of a connection, take a busy thread for a dead server.
 */
const AT_ONCE = 50;

/**
 * Runs a function in a worker thread of its own, which starts at the first invocation. Unlike on Lambda, concurrent
 * invocations share one execution environment, 50 at once; others wait, and their time starts when they are let in.
 *
 * A failed or crashed invocation is an outcome, not an exception: as Lambda, `invoke` answers with `errorType` and
 * `errorMessage`.
 */
export class LocalFunction {
  private environment: Environment | undefined;
  private readonly all = new Set<Environment>();
  private readonly waiting: (() => void)[] = [];
  private underWay = 0;
  private counter = 0;
  private closed = false;

  /** @param log receives what the function prints, line ends included. */
  constructor(
    readonly spec: FunctionSpec,
    private readonly log: (text: string) => void,
  ) {}

  /** Invokes the function with a JSON value and waits for its result, at most for the function's timeout. */
  async invoke(event: unknown): Promise<Outcome> {
    if (this.underWay >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.underWay++;
    try {
      return await this.run(event);
    } finally {
      // Whoever is next takes the place over.
      const next = this.waiting.shift();
      if (next) next();
      else this.underWay--;
    }
  }

  private run(event: unknown): Promise<Outcome> {
    const requestId = randomUUID();
    if (this.closed) {
      const error = { errorType: 'Local.ShuttingDown', errorMessage: 'The local run is shutting down' };
      return Promise.resolve({ requestId, error });
    }
    this.environment ??= this.start();
    const environment = this.environment;
    const id = this.counter++;
    const timeout = this.spec.timeoutSeconds * 1_000;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${this.spec.timeoutSeconds.toFixed(2)} seconds`;
        this.settle(environment, id, { requestId, error: { errorType: 'Sandbox.Timedout', errorMessage } });
        this.retire(environment);
      }, timeout);
      environment.pending.set(id, { requestId, timer, settle: resolve });
      environment.worker.postMessage({ id, event: JSON.stringify(event), requestId, deadline: Date.now() + timeout });
    });
  }

  /** Ends the worker; invocations under way fail. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map(({ worker }) => worker.terminate()));
  }

  private start(): Environment {
    const { name, arn, file, exportName, environment: env, memoryMb } = this.spec;
    const worker = new Worker(join(__dirname, 'worker.js'), {
      env,
      stdout: true,
      stderr: true,
      // What this process was started with, such as a TypeScript loader, is not the function's business.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      workerData: {
        file,
        exportName,
        context: {
          functionName: name,
          functionVersion: '$LATEST',
          invokedFunctionArn: arn,
          memoryLimitInMB: String(memoryMb),
          logGroupName: `/aws/lambda/${name}`,
          logStreamName: 'local',
        },
      },
    });
    const environment: Environment = { worker, pending: new Map(), retired: false };
    this.all.add(environment);
    worker.stdout.setEncoding('utf8').on('data', this.log);
    worker.stderr.setEncoding('utf8').on('data', this.log);
    worker.on('message', ({ id, result, error }: Answer) => {
      const requestId = environment.pending.get(id)?.requestId ?? '';
      this.settle(environment, id, error ? { requestId, error } : { requestId, payload: result ?? 'null' });
      if (environment.retired && environment.pending.size === 0) void worker.terminate();
    });
    let crash: FunctionError = { errorType: 'Runtime.ExitError', errorMessage: 'The function ended its own process' };
    worker.on('error', (error: Error) => {
      crash = { errorType: error.name, errorMessage: error.message };
      this.log(`${error.stack ?? error.message}\n`);
    });
    worker.on('exit', () => {
      this.all.delete(environment);
      if (this.environment === environment) this.environment = undefined;
      for (const [id, { requestId }] of environment.pending) {
        this.settle(environment, id, {
          requestId,
          error: { ...crash, errorMessage: `RequestId: ${requestId} Error: ${crash.errorMessage}` },
        });
      }
    });
    return environment;
  }

  private settle(environment: Environment, id: number, outcome: Outcome): void {
    const pending = environment.pending.get(id);
    if (!pending) return;
    environment.pending.delete(id);
    clearTimeout(pending.timer);
    pending.settle(outcome);
  }

  /** After a time-out Lambda throws the environment away; here the others that share it may finish first. */
  private retire(environment: Environment): void {
    if (this.environment === environment) this.environment = undefined;
    environment.retired = true;
    if (environment.pending.size === 0) void environment.worker.terminate();
  }
}

/** Base URLs of the local endpoints that functions call instead of AWS. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly s3: string;
  /** EventBridge, SQS, KMS, SES; every other service is refused there instead of being called on the internet. */
  readonly other: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Environment that a program needs so that its AWS SDK talks to the local run: "Service-specific endpoints" and
 * "Environment variables" of the AWS SDKs and tools reference.
 */
export function sdkEnvironment(endpoints: Endpoints, credentials: Credentials): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: endpoints.other,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: endpoints.dynamodb,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.other,
    AWS_ENDPOINT_URL_SESV2: endpoints.other,
    AWS_ENDPOINT_URL_KMS: endpoints.other,
    AWS_ENDPOINT_URL_SQS: endpoints.other,
  };
}
