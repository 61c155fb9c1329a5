import type { StreamRecord } from './batch';

/** Where to go on reading a shard, and what was read. */
export interface Read {
  readonly records: readonly StreamRecord[];
  /** Absent at the end of a shard that was closed. */
  readonly next?: string;
}

/** An answer of the stream's service that is not what was asked for. */
export class StreamError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = code;
  }
}

/** The service checks that there is a signature, not which: "DynamoDB local usage notes", and the engine does as well. */
const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local',
  'x-amz-date': '20260101T000000Z',
  'content-type': 'application/x-amz-json-1.0',
};

/**
 * Reads a DynamoDB stream. Lambda passes records to functions in the form in which the service sends them; so they are not
 * taken apart into the SDK's objects and put together again here, for each record that anybody writes.
 */
export class StreamReader {
  constructor(
    private readonly endpoint: string,
    private readonly streamArn: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Ids of the stream's shards. */
  async shards(): Promise<string[]> {
    const { StreamDescription } = await this.call<{ StreamDescription: { Shards?: { ShardId: string }[] } }>(
      'DescribeStream',
      { StreamArn: this.streamArn },
    );
    return (StreamDescription.Shards ?? []).map(({ ShardId }) => ShardId);
  }

  /** An iterator that begins after a record, by its sequence number, or with the oldest where that is empty. */
  async iterator(shardId: string, after: string): Promise<string> {
    const { ShardIterator } = await this.call<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn: this.streamArn,
      ShardId: shardId,
      ...(after === ''
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
    });
    return ShardIterator;
  }

  /** @throws StreamError `ExpiredIteratorException`, `TrimmedDataAccessException` or another of the service's */
  async read(iterator: string, limit: number): Promise<Read> {
    const { Records = [], NextShardIterator } = await this.call<{
      Records?: StreamRecord[];
      NextShardIterator?: string | null;
    }>('GetRecords', { ShardIterator: iterator, Limit: limit });
    return { records: Records, ...(NextShardIterator && { next: NextShardIterator }) };
  }

  private async call<T>(action: string, input: object): Promise<T> {
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: { ...SIGNED, 'x-amz-target': `DynamoDBStreams_20120810.${action}` },
      body: JSON.stringify(input),
      signal: this.signal,
    });
    const answer = (await response.json()) as T & { __type?: string; message?: string };
    if (response.ok) return answer;
    throw new StreamError(answer.__type?.split('#').at(-1) ?? String(response.status), answer.message ?? '');
  }
}
