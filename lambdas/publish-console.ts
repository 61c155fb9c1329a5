import { join } from 'node:path';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { s3Client } from '../adapters/s3/client';
import { publishSite } from '../adapters/s3/site';
import { CONSOLE } from '../contract/names';
import { required } from './environment';

const client = s3Client();

/** What the stack says of the console. */
interface Properties {
  readonly Bucket: string;
  /** Content of the file that tells the page where it is. */
  readonly Config: string;
}

/**
 * Puts the console, which is part of this function's own code, into its bucket, and answers CloudFormation. When the stack
 * goes, what is in the bucket goes with the bucket.
 */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const { Bucket, Config } = event.ResourceProperties as unknown as Properties;
  try {
    if (event.RequestType !== 'Delete') {
      const folder = join(required('LAMBDA_TASK_ROOT'), CONSOLE.folder);
      const files = await publishSite(client, Bucket, folder, { [CONSOLE.configFile]: Config });
      console.info({ published: files });
    }
    await answer(event, 'SUCCESS');
  } catch (error) {
    console.error({ error: String(error) });
    await answer(event, 'FAILED', 'The console could not be published: see the log of this function.');
  }
}

/** Until CloudFormation is answered it waits for an hour. */
async function answer(
  event: CloudFormationCustomResourceEvent,
  Status: 'SUCCESS' | 'FAILED',
  Reason = '',
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const PhysicalResourceId = 'PhysicalResourceId' in event ? event.PhysicalResourceId : `${LogicalResourceId}-files`;
  const body = JSON.stringify({ Status, Reason, StackId, RequestId, LogicalResourceId, PhysicalResourceId });
  const response = await fetch(event.ResponseURL, { method: 'PUT', body });
  if (!response.ok) throw new Error(`CloudFormation answered with status ${response.status}`);
}
