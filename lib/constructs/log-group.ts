import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EncryptionKey } from './encryption-key';

/** What all log groups of a stage have in common. */
export interface LogProps {
  readonly key: EncryptionKey;
  readonly retention: RetentionDays;
  /** Whether logs outlive the stack, for their retention period. */
  readonly retainData: boolean;
}

/** A log group with the stage's retention, encrypted. Its name is generated: a retained one must not block a new deployment. */
export function encryptedLogGroup(scope: Construct, id: string, props: LogProps): LogGroup {
  return new LogGroup(scope, id, {
    encryptionKey: props.key.key,
    retention: props.retention,
    removalPolicy: props.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}
