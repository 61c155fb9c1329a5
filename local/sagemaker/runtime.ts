import { randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { AwsError, type HttpAnswer, type HttpRequest, type HttpService } from '../aws-json';
import { ACCOUNT, REGION } from '../template';
import { capture } from './capture';
import type { Fleet, Fleets } from './fleets';
import { type Endpoint, shareOfUpdate } from './lifecycle';
import { BadInput } from './onnx';
import { readRequest, writeAnswer } from './open-inference';
import type { EndpointConfig, Records } from './records';
import { chosenVariant, type Variant, variantsOf, weightOf } from './variants';

/** SageMaker takes 25 MB in one request. */
const REQUEST_LIMIT = 25 * 1024 ** 2;
const SERVING = new Set(['InService', 'Updating', 'RollingBack']);

interface Surroundings {
  readonly records: Records;
  readonly fleets: Fleets;
  readonly s3: S3Client;
  readonly random: () => number;
  readonly log: (text: string) => void;
}

/** `InvokeEndpoint` of the runtime API: the endpoint's own models answer, by the Open Inference Protocol in JSON. */
export function invocations(around: Surroundings): HttpService {
  return {
    route: /^POST \/endpoints\/([^/?]+)\/invocations$/,
    limit: REQUEST_LIMIT,
    answer: ([, name = ''], request) => invoke(around, decodeURIComponent(name), request),
  };
}

async function invoke(around: Surroundings, name: string, request: HttpRequest): Promise<HttpAnswer> {
  const { records, fleets, random } = around;
  const endpoint = records.get('endpoint', name);
  if (!endpoint || !SERVING.has(endpoint.status)) {
    throw new AwsError('ValidationError', `Endpoint ${name} of account ${ACCOUNT} not found.`);
  }
  const used = random() < shareOfUpdate(endpoint) ? endpoint.work?.config : undefined;
  const config = records.need('endpoint-config', used ?? endpoint.config);
  const variant = variantFor(config, request.headers['x-amzn-sagemaker-target-variant'], random());
  const fleet = await fleets.load(config.name);
  const asked = { endpoint, variant, request };
  // A shadow variant gets a copy, and nobody waits for what it says.
  for (const shadow of variantsOf(config, 'ShadowProductionVariants')) {
    if (random() < weightOf(shadow))
      void infer(fleet, { ...asked, variant: shadow }).catch((error) => around.log(`${name}: ${error}\n`));
  }
  const body = await infer(fleet, asked);
  const eventId = randomUUID();
  const contentType = 'application/json';
  const answered = {
    endpoint: name,
    variant: variant.VariantName,
    eventId,
    input: { contentType: request.headers['content-type'] ?? '', body: request.body },
    output: { contentType, body: Buffer.from(body) },
  };
  void capture(around.s3, config, answered, random()).catch((error) => around.log(`${name}: ${error}\n`));
  return {
    body,
    headers: {
      'content-type': contentType,
      'x-amzn-invoked-production-variant': variant.VariantName,
      'x-amzn-requestid': eventId,
    },
  };
}

function variantFor(config: EndpointConfig, wanted: string | undefined, at: number): Variant {
  const variants = variantsOf(config, 'ProductionVariants');
  const found = wanted === undefined ? chosenVariant(variants, at) : variants.find((one) => one.VariantName === wanted);
  if (found) return found;
  throw new AwsError('ValidationError', `Variant ${wanted ?? ''} is not found for Request`);
}

interface Asked {
  readonly endpoint: Endpoint;
  readonly variant: Variant;
  readonly request: HttpRequest;
}

async function infer(fleet: Fleet, { endpoint, variant, request }: Asked): Promise<string> {
  const model = fleet.get(variant.VariantName);
  if (!model) throw new Error(`variant ${variant.VariantName} is not loaded`);
  const type = request.headers['content-type']?.split(';')[0];
  if (type !== 'application/json') throw modelError(endpoint, 415, `${type} is not taken; send application/json`);
  try {
    const { id, inputs, outputs } = readRequest(request.body.toString('utf8'));
    return writeAnswer(variant.ModelName, id, await model.run(inputs, outputs));
  } catch (error) {
    if (error instanceof BadInput) throw modelError(endpoint, 400, error.message);
    throw modelError(endpoint, 500, String(error));
  }
}

/** What SageMaker answers when the container answers with an error. */
function modelError({ name }: Endpoint, status: number, reason: string): AwsError {
  const message = JSON.stringify({ error: reason });
  const side = status < 500 ? 'client' : 'server';
  const group = `/aws/sagemaker/Endpoints/${name}`;
  return new AwsError(
    'ModelError',
    `Received ${side} error (${status}) from primary with message "${message}".`,
    424,
    undefined,
    {
      OriginalStatusCode: status,
      OriginalMessage: message,
      LogStreamArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}`,
    },
  );
}
