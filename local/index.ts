import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Actions, type HttpService, serveAwsJson } from './aws-json';
import { bucketsOf } from './buckets';
import { localCredentials } from './credentials';
import { Destinations } from './destinations';
import { readDistributions, serveDistribution } from './distribution';
import { DurableMap } from './durable-map';
import { ensureTable, startEngine, type TableProperties } from './dynamodb';
import { ApiDestinations, EventBuses } from './events';
import { type Credentials, Functions, type Invoker, type Outcome, sdkEnvironment } from './functions';
import { AsyncInvocations } from './functions/async';
import { type Api, readApis, serveApi } from './gateway';
import { SigningKeys } from './kms';
import { lockFolder } from './lock';
import { LocalMail } from './mail';
import { Queues, queueActions } from './queues';
import { startLocalS3 } from './s3';
import { LocalSageMaker } from './sagemaker';
import { Secrets } from './secrets';
import { DynamoDbPoller, QueuePoller, readMappings } from './streams';
import { synthesise } from './synth';
import { REGION, readAssembly, Stack } from './template';

export { PRINCIPAL_HEADER } from './gateway';

export interface LocalOptions {
  /** Folder that keeps tables, objects, queues and checkpoints; made when it does not exist. */
  readonly data: string;
  /** First of six ports on 127.0.0.1, see `Urls`; 0 takes any free ones. */
  readonly port: number;
  /** Cloud assembly to run; without it the project in the current folder is synthesised when its sources changed. */
  readonly assembly?: string;
  /** Needed when the assembly holds several stacks. */
  readonly stackName?: string;
  /**
   * Longest time that a mapping with a batching window collects records for; the template's own windows are made for the
   * bill, not for somebody who waits. 2 seconds by default.
   */
  readonly longestWindowMs?: number;
  /** Receives what functions print and what the run has to say, besides the file `local.log` in the data folder. */
  readonly log?: (text: string) => void;
}

/** Base URLs without a trailing slash, in the order of their ports. */
interface Urls {
  /** HTTP API with the JWT authoriser; absent when the stack has none. */
  readonly people: string | undefined;
  /** HTTP API with IAM authorisation; absent when the stack has none. */
  readonly machines: string | undefined;
  readonly s3: string;
  readonly dynamodb: string;
  /** EventBridge, SQS, KMS, SES, Secrets Manager and SageMaker. */
  readonly aws: string;
  /** The page for people, with their API under the same origin; absent when the stack has none. */
  readonly console: string | undefined;
}

/** A running stack. */
export interface Local {
  readonly urls: Urls;
  readonly credentials: Credentials;
  /** Environment that points the AWS SDKs and the AWS CLI of another program at this run. */
  readonly env: Readonly<Record<string, string>>;
  /** The stack's outputs with local values. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly dataFolder: string;
  /** Mails that were sent: files in its folder. */
  readonly mail: LocalMail;
  /** Whether the stack was synthesised for this start. */
  readonly synthesised: boolean;
  /** Invokes a function by its name or logical id (or an unambiguous beginning of it). */
  invoke(name: string, event: unknown): Promise<Outcome>;
  /** Stops everything; what was acknowledged is in the data folder. */
  close(): Promise<void>;
}

const PORT = { people: 0, machines: 1, s3: 2, dynamodb: 3, aws: 4, console: 5, others: 6 } as const;

/**
 * Runs a synthesised stack on this machine: its tables, buckets, queues, functions, APIs, stream mappings, rules
 * and targets. What the stack lacks is lacking here too. Only the loopback interface is bound.
 *
 * @throws Error when the stack cannot be synthesised or has something that cannot run here and is needed, when a port is
 * taken, or when another process works on the data folder. Whatever was started is stopped before.
 */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const opened: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of opened.splice(0).reverse()) await stop();
  };
  try {
    return await start(options, opened, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: LocalOptions, opened: (() => unknown)[], close: () => Promise<void>): Promise<Local> {
  const folder = resolve(options.data);
  const inFolder = (name: string): string => join(folder, name);
  const port = (offset: number): number => (options.port === 0 ? 0 : options.port + offset);
  opened.push(lockFolder(folder));
  const log = (text: string): void => {
    appendFileSync(inFolder('local.log'), text);
    options.log?.(text);
  };
  const synthesis = options.assembly ? { folder: options.assembly, fresh: false } : await synthesise(process.cwd());
  const assembly = readAssembly(synthesis.folder, options.stackName);
  const credentials = localCredentials(inFolder('credentials.json'));

  // URLs are part of what the template resolves to, so servers listen before there is something behind them.
  const actions: Record<string, Actions[string]> = {};
  const services: HttpService[] = [];
  const aws = await serveAwsJson(actions, port(PORT.aws), services);
  opened.push(aws.close);
  const attributes = new Map<string, Record<string, string>>();
  const stack = new Stack(assembly, { awsEndpoint: aws.url, attributes });

  const [engine, s3] = await Promise.all([
    startEngine({ dbPath: inFolder('table.db'), port: port(PORT.dynamodb), log }).then((started) => {
      opened.push(started.close);
      return started;
    }),
    startLocalS3({
      directory: inFolder('s3'),
      port: port(PORT.s3),
      buckets: bucketsOf(stack),
      credentials: [credentials],
      region: REGION,
    }).then((started) => {
      opened.push(started.close);
      return started;
    }),
  ]);
  const streams = await createTables(stack, engine.endpoint);

  let ready: Invoker | undefined;
  const invoker = (): Invoker => {
    if (!ready) throw new Error('The local run is starting');
    return ready;
  };
  const apis = await serveApis(readApis(stack), { invoker, port, attributes, opened, log });
  let page: string | undefined;
  for (const distribution of readDistributions(stack, s3.url)) {
    if (page !== undefined) throw new Error(`${distribution.logicalId}: only one distribution runs locally`);
    const apiUrl = (logicalId: string) => attributes.get(logicalId)?.['ApiEndpoint'];
    const served = await serveDistribution(distribution, apiUrl, port(PORT.console));
    opened.push(served.close);
    page = served.url;
    attributes.set(distribution.logicalId, { DomainName: new URL(served.url).host });
  }

  const env = sdkEnvironment({ dynamodb: engine.endpoint, s3: s3.url, other: aws.url }, credentials);
  const functions = new Functions(
    stack,
    env,
    (name, text) => log(text.replace(/^(?=.)/gm, `[${name}] `)),
    (reason) => log(`Not run locally: ${reason}\n`),
  );
  opened.push(() => functions.close());

  const pollers: (DynamoDbPoller | QueuePoller)[] = [];
  const waking: Invoker = {
    has: (arn) => functions.has(arn),
    invoke: async (arn, event) => {
      const outcome = await functions.invoke(arn, event);
      // Whatever the function wrote is on the streams now.
      for (const poller of pollers) if (poller instanceof DynamoDbPoller) poller.wake();
      return outcome;
    },
  };

  const queues = new Queues(stack, inFolder('queues'));
  opened.push(() => queues.close());
  const secrets = new Secrets(inFolder('secrets.jsonl'));
  opened.push(() => secrets.close());
  const signingKeys = new SigningKeys(stack, inFolder('signing-keys.jsonl'));
  opened.push(() => signingKeys.close());
  const destinations = new Destinations(queues, s3.url, credentials);
  opened.push(() => destinations.close());
  const invocations = new AsyncInvocations(stack, inFolder('invocations.jsonl'), waking, destinations, queues, log);
  opened.push(() => invocations.close());
  const apiDestinations = new ApiDestinations(stack, {
    file: inFolder('api-destinations.jsonl'),
    secret: (id) => secrets.value(id),
    queues,
    log,
  });
  opened.push(() => apiDestinations.close());
  const archiveFile = inFolder('events.jsonl');
  const buses = new EventBuses(stack, { archiveFile, invocations, queues, apiDestinations, log });
  opened.push(() => buses.close());
  const mail = new LocalMail(stack, inFolder('mail'), ({ detailType, detail }) =>
    buses.publishOfService('aws.ses', detailType, detail),
  );
  const sageMaker = new LocalSageMaker({
    file: inFolder('sagemaker.jsonl'),
    s3Endpoint: s3.url,
    credentials,
    publish: ({ detailType, detail, resource }) =>
      buses.publishOfService('aws.sagemaker', detailType, detail, [resource]),
    log,
  });
  opened.push(() => sageMaker.close());
  services.push(sageMaker.service());
  Object.assign(
    actions,
    queueActions(queues),
    secrets.actions(),
    signingKeys.actions(),
    buses.actions(),
    mail.actions(),
    sageMaker.actions(),
  );

  const checkpoints = new DurableMap<string>(inFolder('checkpoints.jsonl'));
  opened.push(() => checkpoints.close());
  ready = waking;
  invocations.start();
  apiDestinations.start();
  buses.start();
  sageMaker.start();
  for (const mapping of readMappings(stack, options.longestWindowMs)) {
    if (mapping.onFailure !== undefined && !destinations.accepts(mapping.onFailure)) {
      throw new Error(`${mapping.logicalId}: its failure destination ${mapping.onFailure} cannot run locally`);
    }
    const streamArn = streams.get(mapping.sourceArn);
    const queue = queues.get(mapping.sourceArn);
    if (streamArn !== undefined) {
      const discard = async (record: Parameters<Destinations['send']>[1]): Promise<void> => {
        if (mapping.onFailure !== undefined) await destinations.send(mapping.onFailure, record);
      };
      pollers.push(
        new DynamoDbPoller({
          mapping,
          endpoint: engine.endpoint,
          streamArn,
          checkpoints,
          invoker: waking,
          discard,
          log,
        }),
      );
    } else if (queue) pollers.push(new QueuePoller(mapping, queue, waking, log));
    else throw new Error(`${mapping.logicalId}: the source ${mapping.sourceArn} does not exist in the local run`);
  }
  // A poller waits for the invocation under way, so functions must not be ended before.
  opened.push(() => stopPollers(pollers, functions));

  return {
    urls: { ...apis, s3: s3.url, dynamodb: engine.endpoint, aws: aws.url, console: page },
    credentials,
    env,
    outputs: stack.outputs(),
    dataFolder: folder,
    mail,
    synthesised: synthesis.fresh,
    invoke: (name, event) => waking.invoke(functions.find(name), event),
    close,
  };
}

/** Time that functions have to finish what a poller gave them. */
const GRACE_MS = 3_000;

async function stopPollers(pollers: readonly { close(): Promise<void> }[], functions: Functions): Promise<void> {
  const closing = Promise.all(pollers.map((poller) => poller.close()));
  const impatience = setTimeout(() => void functions.close(), GRACE_MS);
  await closing;
  clearTimeout(impatience);
}

const TABLE_PROPERTIES = [
  'KeySchema',
  'AttributeDefinitions',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'StreamSpecification',
  'TimeToLiveSpecification',
];

/** Creates the tables; answers the engine's ARN of each stream by the ARN that the template resolves to. */
async function createTables(stack: Stack, endpoint: string): Promise<Map<string, string>> {
  const streams = new Map<string, string>();
  for (const id of stack.logicalIds('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')) {
    const { identity, properties } = stack.resource(id, TABLE_PROPERTIES);
    const defined = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
    const table = await ensureTable(endpoint, { ...defined, TableName: identity.ref } as unknown as TableProperties);
    const { StreamArn } = identity.attributes;
    if (StreamArn !== undefined && table.LatestStreamArn !== undefined) streams.set(StreamArn, table.LatestStreamArn);
  }
  return streams;
}

interface ApiContext {
  readonly invoker: () => Invoker;
  readonly port: (offset: number) => number;
  readonly attributes: Map<string, Record<string, string>>;
  readonly opened: (() => unknown)[];
  readonly log: (text: string) => void;
}

async function serveApis(
  apis: readonly Api[],
  { invoker, port, attributes, opened, log }: ApiContext,
): Promise<{ people: string | undefined; machines: string | undefined }> {
  const urls: { people?: string; machines?: string } = {};
  let others: number = PORT.others;
  for (const api of apis) {
    const uses = (authorization: string): boolean =>
      api.routes.some(({ target }) => target.authorization === authorization);
    const audience = uses('JWT') ? 'people' : uses('AWS_IAM') ? 'machines' : undefined;
    const isFirst = audience !== undefined && urls[audience] === undefined;
    const { url, close } = await serveApi(api, invoker, port(isFirst ? PORT[audience] : others++), log);
    opened.push(close);
    attributes.set(api.logicalId, { ApiEndpoint: url });
    if (isFirst) urls[audience] = url;
  }
  return { people: urls.people, machines: urls.machines };
}
