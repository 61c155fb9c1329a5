import { randomUUID } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { isObject, type Json, type JsonObject } from '../template';
import type { EndpointConfig } from './records';

/** A request that was answered, and by whom. */
export interface Answered {
  readonly endpoint: string;
  readonly variant: string;
  readonly eventId: string;
  readonly input: Message;
  readonly output: Message;
}

interface Message {
  readonly contentType: string;
  readonly body: Buffer;
}

/**
 * Writes a request and its answer where the configuration wants them captured, in SageMaker's form; one file each, where
 * SageMaker collects them for some minutes.
 * @param at a number from 0 to 1: which share of requests is captured
 */
export async function capture(
  s3: S3Client,
  { input: config }: EndpointConfig,
  answered: Answered,
  at: number,
): Promise<void> {
  const settings = config['DataCaptureConfig'];
  if (!isObject(settings) || settings['EnableCapture'] !== true) return;
  if (at * 100 >= Number(settings['InitialSamplingPercentage'])) return;
  const [, Bucket, folder = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(String(settings['DestinationS3Uri'])) ?? [];
  const now = new Date();
  const [day = '', clock = ''] = now.toISOString().split('T');
  const [hour, minute, second, ms] = clock.split(/[:.Z]/);
  const place = [folder, answered.endpoint, answered.variant, day.replaceAll('-', '/'), hour].filter(Boolean).join('/');
  const Key = `${place}/${minute}-${second}-${ms}-${randomUUID()}.jsonl`;
  const line = JSON.stringify(recordOf(settings, answered, now));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: `${line}\n`, ContentType: 'application/jsonlines' }));
}

function recordOf(settings: JsonObject, { input, output, eventId }: Answered, now: Date): object {
  const options = Array.isArray(settings['CaptureOptions']) ? settings['CaptureOptions'].filter(isObject) : [];
  const modes = new Set(options.map(({ CaptureMode }) => String(CaptureMode)));
  const both = modes.has('InputAndOutput');
  return {
    captureData: {
      ...((both || modes.has('Input')) && { endpointInput: captured('INPUT', input, settings) }),
      ...((both || modes.has('Output')) && { endpointOutput: captured('OUTPUT', output, settings) }),
    },
    eventMetadata: { eventId, inferenceTime: `${now.toISOString().slice(0, 19)}Z` },
    eventVersion: '0',
  };
}

/** What is of a type that the configuration names is text; everything else is written in base64. */
function captured(mode: string, { contentType, body }: Message, settings: JsonObject): object {
  const types = isObject(settings['CaptureContentTypeHeader']) ? settings['CaptureContentTypeHeader'] : {};
  const has = (list: Json | undefined) => Array.isArray(list) && list.includes(contentType.split(';')[0] ?? '');
  const encoding = has(types['CsvContentTypes']) ? 'CSV' : has(types['JsonContentTypes']) ? 'JSON' : 'BASE64';
  const data = body.toString(encoding === 'BASE64' ? 'base64' : 'utf8');
  return { observedContentType: contentType, mode, data, encoding };
}
